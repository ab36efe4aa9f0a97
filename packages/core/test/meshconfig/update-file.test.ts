import { spawnSync } from "node:child_process";
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isStoreError } from "@meshauth/auth-store";
import { describe, expect, test } from "vitest";
import { editConfig } from "../../src/meshconfig/edit.js";
import { setCurrentContext } from "../../src/meshconfig/index.js";
import { type Update, updateFile } from "../../src/meshconfig/update-file.js";
import { failure } from "./errors.js";
import { makeHome, TYPICAL } from "./folder.js";

const STAGED = /^\.config\.yaml\.[0-9a-f]{24}\.tmp$/;

const update = (changes: Partial<Update>): Update => ({
  change: async () => "new\n",
  unchanged: async () => true,
  busy: "Another program is changing config.yaml.",
  ...changes,
});

/** A promise with the means to keep it. */
function gate(): { open: () => void; opened: Promise<void> } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe("an update", () => {
  test("that is held up for long is waited for: nobody empties the file", async () => {
    const { folder, file } = await makeHome("old\n");
    const [begun, go] = [gate(), gate()];
    const slow = updateFile(
      file,
      update({
        async change() {
          begun.open();
          await go.opened;
          return "slow\n";
        },
      }),
    );
    await begun.opened;
    // However old the files beside it look.
    for (const name of await readdir(folder)) await utimes(join(folder, name), new Date(0), new Date(0));
    const controller = new AbortController();
    const reason = new Error("interrupted");
    const other = updateFile(file, update({ signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 200);
    await expect(other).rejects.toBe(reason);
    expect(await readFile(file, "utf8")).toBe("old\n");
    go.open();
    expect(await slow).toBe(true);
    expect(await readFile(file, "utf8")).toBe("slow\n");
    expect(await readdir(folder)).toEqual(["config.yaml"]);
  });

  test("that lost its lock gives up, and leaves the other's lock and file alone", async () => {
    const { folder, file } = await makeHome("old\n");
    const lost = update({
      async unchanged() {
        await rm(`${file}.lock`);
        await writeFile(`${file}.lock`, "another's");
        return true;
      },
    });
    expect(await updateFile(file, lost)).toBe(false);
    expect(await readFile(file, "utf8")).toBe("old\n");
    expect(await readFile(`${file}.lock`, "utf8")).toBe("another's");
    expect(await readdir(folder)).toEqual(["config.yaml", "config.yaml.lock"]);
  });

  test("gives up when the link leads elsewhere by then", async () => {
    const { folder, file, write } = await makeHome();
    await write("one.yaml", "one\n");
    await write("two.yaml", "two\n");
    await mkdir(folder);
    await symlink("../one.yaml", file);
    const turned = update({
      async unchanged() {
        await symlink("../two.yaml", `${file}.new`);
        await rename(`${file}.new`, file);
        return true;
      },
    });
    expect(await updateFile(file, turned)).toBe(false);
    expect(await readFile(file, "utf8")).toBe("two\n");
    expect(await readFile(join(folder, "../one.yaml"), "utf8")).toBe("one\n");
  });

  test.each(["change", "unchanged"] as const)(
    "whose %s fails or is interrupted leaves nothing",
    async (step) => {
      const { folder, file } = await makeHome("old\n");
      const broken = new Error("broken");
      await expect(updateFile(file, update({ [step]: () => Promise.reject(broken) }))).rejects.toBe(broken);
      const controller = new AbortController();
      const reason = new Error("interrupted");
      const interrupted = update({
        signal: controller.signal,
        async change() {
          controller.abort(reason);
          return "new\n";
        },
      });
      await expect(updateFile(file, interrupted)).rejects.toBe(reason);
      expect(await readFile(file, "utf8")).toBe("old\n");
      expect(await readdir(folder)).toEqual(["config.yaml"]);
    },
  );

  test("stages under a name that nobody knows, with the mode of the file", async () => {
    const { folder, file } = await makeHome("old\n");
    await chmod(file, 0o640);
    const seen: string[] = [];
    const watched = update({
      async unchanged() {
        const [name = ""] = (await readdir(folder)).filter((found) => found.endsWith(".tmp"));
        seen.push(name);
        expect((await stat(join(folder, name))).mode & 0o777).toBe(0o640);
        return true;
      },
    });
    expect(await updateFile(file, watched)).toBe(true);
    expect(await updateFile(file, watched)).toBe(true);
    expect(seen).toEqual([expect.stringMatching(STAGED), expect.stringMatching(STAGED)]);
    expect(seen[0]).not.toBe(seen[1]);
  });
});

describe("a change of config.yaml", () => {
  const record = (pid: number, changes: object = {}) =>
    JSON.stringify({ pid, host: hostname(), nonce: "another", program: "a neighbour", ...changes });

  test("is made again on what another program wrote meanwhile", async () => {
    const { file, resolve } = await makeHome(TYPICAL);
    const config = await resolve();
    let meddled = false;
    const changed = await editConfig(config.file, {
      wanted: (model) => ({ ...model, currentContext: { name: "prod", line: undefined } }),
      steps: [
        (tree) => {
          const start = tree.text.indexOf("current-context: local") + "current-context: ".length;
          if (!meddled) spawnSync("sh", ["-c", `echo '# a neighbour was here' >> '${file}'`]);
          meddled = true;
          return { start, end: start + "local".length, text: "prod" };
        },
      ],
      byHand: "",
    });
    expect(changed).toBe(true);
    const after = TYPICAL.replace("current-context: local", "current-context: prod");
    expect(await readFile(file, "utf8")).toBe(`${after}# a neighbour was here\n`);
  });

  test("ends with the signal's reason while another program holds the lock", async () => {
    const { folder, file, resolve } = await makeHome(TYPICAL);
    const config = await resolve();
    await writeFile(`${file}.lock`, record(process.pid));
    const controller = new AbortController();
    const reason = new Error("interrupted");
    setTimeout(() => controller.abort(reason), 200);
    await expect(setCurrentContext(config, "prod", controller.signal)).rejects.toBe(reason);
    expect(await readFile(file, "utf8")).toBe(TYPICAL);
    expect(await readdir(folder)).toEqual(["config.yaml", "config.yaml.lock"]);
  });

  test("says that it is a lock that is in the way, and is a MeshauthError", async () => {
    const { file, resolve } = await makeHome(TYPICAL);
    const config = await resolve();
    await mkdir(`${file}.lock`);
    const error = await failure(setCurrentContext(config, "prod"));
    expect(isStoreError(error)).toBe(false);
    expect(error).toMatchObject({
      code: "MESHAUTH_E_UNSAFE",
      message: "The lock is not safe to use.",
      why: `${file}.lock: it is not a regular file.`,
    });
  });

  test("is not blocked by what a killed process left behind", async () => {
    const { folder, file, resolve, write } = await makeHome(TYPICAL);
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    const lock = await write(".meshery/config.yaml.lock", record(pid));
    const staged = await write(".meshery/.config.yaml.0123456789abcdef01234567.tmp", "half");
    for (const path of [lock, staged]) await utimes(path, new Date(0), new Date(0));
    expect(await setCurrentContext(await resolve(), "prod")).toBe(true);
    expect((await resolve()).currentContext).toBe("prod");
    expect(await readFile(file, "utf8")).toBe(TYPICAL.replace("context: local", "context: prod"));
    expect(await readdir(folder)).toEqual(["config.yaml"]);
  });
});
