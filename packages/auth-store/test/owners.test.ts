import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { isStoreError, type StoreError } from "@meshauth/auth-store";
import { beforeAll, describe, expect, it } from "vitest";
import { build } from "./support/build.js";
import { Home, members } from "./support/folder.js";
import { Worker } from "./support/process.js";

const OLD = '{"meshery-provider":"Layer5","token":"old"}\n';
const NOBODY = 65534;
const root = process.getuid?.() === 0;

beforeAll(build);

async function failure(doing: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await doing.catch((reason: unknown) => reason);
  if (!isStoreError(error)) throw new Error("expected a StoreError", { cause: error });
  return error;
}

/** A home that belongs to another user, who can reach it. */
function homeOfNobody(content?: string): Home {
  const home = new Home(content);
  chownSync(home.path, NOBODY, NOBODY);
  if (content !== undefined) {
    chownSync(home.meshery, NOBODY, NOBODY);
    chownSync(home.file, NOBODY, NOBODY);
  }
  return home;
}

describe("what belongs to someone else", () => {
  it.skipIf(!root)(
    "T14 (needs root) a link to a foreign file is refused; the target is unchanged",
    async () => {
      const home = new Home("");
      const folder = join(home.path, "target");
      const target = join(folder, "auth.json");
      mkdirSync(folder, 0o700);
      writeFileSync(target, OLD);
      chownSync(target, NOBODY, NOBODY);
      rmSync(home.file);
      symlinkSync(target, home.file);
      const before = statSync(target).mtimeMs;
      for (const doing of [() => home.store().read(), () => home.store().prepare()]) {
        expect(await failure(doing())).toMatchObject({
          code: "MESHAUTH_E_UNSAFE",
          why: `${home.file}: it is a link, and ${target} belongs to user ${NOBODY}.`,
        });
      }
      expect([readFileSync(target, "utf8"), statSync(target).mtimeMs]).toEqual([OLD, before]);
      expect(home.names(folder)).toEqual(["auth.json"]);
    },
  );

  it.skipIf(!root)(
    "T14 A12 (needs root) a foreign link, and a link into a foreign folder, are refused",
    async () => {
      const home = new Home("");
      const folder = join(home.path, "target");
      mkdirSync(folder, 0o700);
      writeFileSync(join(folder, "auth.json"), OLD);
      rmSync(home.file);
      symlinkSync(join(folder, "auth.json"), home.file);
      lchownSync(home.file, NOBODY, NOBODY);
      expect((await failure(home.store().read())).why).toBe(
        `${home.file}: it is a link that belongs to user ${NOBODY}.`,
      );
      lchownSync(home.file, 0, 0);
      chownSync(folder, NOBODY, NOBODY);
      expect((await failure(home.store().read())).why).toBe(
        `${home.file}: it is a link into ${folder}, which belongs to user ${NOBODY}.`,
      );
    },
  );

  it.skipIf(!root)("T15 (needs root) a foreign Meshery folder is refused by a user", async () => {
    const home = homeOfNobody(OLD);
    chownSync(home.meshery, 1, 1);
    chmodSync(home.meshery, 0o755);
    for (const action of ["prepare", "commit"]) {
      const answer = await new Worker(home, { action, token: "new" }, { uid: NOBODY }).answer();
      expect(answer).toMatchObject({
        code: "MESHAUTH_E_UNSAFE",
        why: `${home.meshery}: the folder belongs to user 1, not to user ${NOBODY}.`,
        next: [`sudo chown ${NOBODY} ${home.meshery}`],
      });
    }
    expect(readFileSync(home.file, "utf8")).toBe(OLD);
  });

  it.skipIf(!root)("(needs root) a foreign credential file is refused, to read and to replace", async () => {
    const home = homeOfNobody(OLD);
    chownSync(home.file, 0, 0);
    chmodSync(home.file, 0o644);
    for (const action of ["read", "prepare", "commit"]) {
      const answer = await new Worker(home, { action, token: "new" }, { uid: NOBODY }).answer();
      expect(answer).toMatchObject({
        code: "MESHAUTH_E_UNSAFE",
        why: `${home.file}: it belongs to user 0, not to user ${NOBODY}.`,
        next: [`sudo chown ${NOBODY} ${home.file}`],
      });
    }
    expect(home.names()).toEqual(["auth.json"]);
  });

  it.skipIf(!root)(
    "A13 (needs root) a lock that someone else has put there is named, and not removed",
    async () => {
      const home = homeOfNobody(OLD);
      writeFileSync(`${home.file}.lock`, "{}", { mode: 0o644 });
      const answer = await new Worker(home, { action: "commit", token: "new" }, { uid: NOBODY }).answer();
      expect(answer).toMatchObject({
        code: "MESHAUTH_E_UNSAFE",
        why: `${home.file}.lock: it belongs to user 0, not to user ${NOBODY}.`,
        next: [`sudo rm ${home.file}.lock`],
      });
      expect(home.names()).toEqual(["auth.json", "auth.json.lock"]);
    },
  );

  it.skipIf(!root)("(needs root) a user without permission gets a reason, not a stack", async () => {
    const home = homeOfNobody(OLD);
    chmodSync(home.meshery, 0o500);
    const read = await new Worker(home, { action: "read" }, { uid: NOBODY }).answer();
    expect(read).toMatchObject({ ok: true, state: "present" });
    const prepare = await new Worker(home, { action: "prepare" }, { uid: NOBODY }).answer();
    expect(prepare).toMatchObject({
      code: "MESHAUTH_E_STORE",
      why: `Its folder ${home.meshery} is read-only.`,
      next: [`chmod u+w ${home.meshery}`],
    });
  });
});

describe("root", () => {
  it.skipIf(!root)(
    "(needs root) reads no credential of another user, and does not advise to take it away",
    async () => {
      const home = homeOfNobody(OLD);
      expect(await failure(home.store().read())).toMatchObject({
        code: "MESHAUTH_E_UNSAFE",
        next: ["Run the command as that user, without sudo."],
      });
    },
  );

  it.skipIf(!root)("A24 T37 (needs root) writes nothing into the home of another user", async () => {
    for (const home of [homeOfNobody(), homeOfNobody(OLD)]) {
      const before = home.snapshot();
      for (const action of ["prepare", "commit"]) {
        const answer = await new Worker(
          home,
          { action, token: "new" },
          { env: { SUDO_UID: "65534" } },
        ).answer();
        expect(answer).toMatchObject({
          code: "MESHAUTH_E_ROOT",
          next: ["Run the command as that user, without sudo."],
        });
        expect(answer.why).toContain(`belongs to user ${NOBODY}. It was started with sudo by user 65534.`);
      }
      expect(home.snapshot()).toEqual(before);
    }
  });

  it.skipIf(!root)("5.14 (needs root) writes where the folder is root's own, also under sudo", async () => {
    const home = new Home();
    const answer = await new Worker(
      home,
      { action: "commit", token: "new" },
      { env: { SUDO_UID: "65534" } },
    ).answer();
    expect(answer).toMatchObject({ ok: true, changed: true });
  });

  it.skipIf(!root)("5.14 (needs root) leaves nothing in a foreign data folder either", async () => {
    const home = new Home();
    mkdirSync(home.dataDir);
    chownSync(home.dataDir, NOBODY, NOBODY);
    expect((await failure(home.store().prepare())).code).toBe("MESHAUTH_E_ROOT");
    expect(home.names(home.path)).toEqual(["data"]);
  });

  it.skipIf(root)("5.14 (as another user than root) is refused where the folder is not root's", async () => {
    const home = new Home();
    expect((await failure(home.store({ uid: 0 }).prepare())).code).toBe("MESHAUTH_E_ROOT");
    expect(home.snapshot()).toEqual([]);
  });

  it("owners do not matter where there are none", async () => {
    const home = new Home(OLD);
    chmodSync(home.file, 0o644);
    const store = home.store({ uid: undefined, platform: "win32" });
    expect((await store.read()).warnings).toEqual([]);
    expect(await store.commit(() => ({ members: members("new") }))).toMatchObject({ changed: true });
  });
});
