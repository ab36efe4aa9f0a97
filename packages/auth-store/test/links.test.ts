import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isStoreError } from "@meshauth/auth-store";
import { describe, expect, it } from "vitest";
import { Home, members, modeOf } from "./support/folder.js";

const OLD = '{"meshery-provider":"Layer5","token":"old"}\n';

/** A home whose `auth.json` is a link to a file in `dotfiles`. */
function linked(): { home: Home; folder: string; target: string } {
  const home = new Home("");
  const folder = join(home.path, "dotfiles");
  const target = join(folder, "meshery.json");
  rmSync(home.file);
  mkdirSync(folder, 0o700);
  writeFileSync(target, OLD, { mode: 0o600 });
  symlinkSync(target, home.file);
  return { home, folder, target };
}

async function refused(home: Home): Promise<string[]> {
  const doings = [
    () => home.store().read(),
    () => home.store().realFile(),
    () => home.store().prepare(),
    () => home.store().commit(() => ({ members: members("new") })),
  ];
  const whys: string[] = [];
  for (const doing of doings) {
    const error: unknown = await doing().catch((reason: unknown) => reason);
    if (!isStoreError(error)) throw new Error("expected a StoreError", { cause: error });
    expect(error.code).toBe("MESHAUTH_E_UNSAFE");
    whys.push(error.why);
  }
  return [...new Set(whys)];
}

describe("a link to our own file in our own private folder", () => {
  it("T13 stays; its target is replaced, with lock and staged file beside the target only", async () => {
    const { home, folder, target } = linked();
    const inode = statSync(target).ino;
    let during: string[][] = [];
    const result = await home.store().commit((current) => {
      expect(current).toMatchObject({ state: "present", token: "old" });
      during = [home.names(), home.names(folder)];
      return { members: members("new") };
    });
    expect(during).toEqual([["auth.json"], ["meshery.json", "meshery.json.lock"]]);
    expect(result.file).toBe(target);
    expect(readlinkSync(home.file)).toBe(target);
    expect(statSync(target).ino).not.toBe(inode);
    expect(modeOf(target)).toBe("600");
    expect([home.names(), home.names(folder)]).toEqual([["auth.json"], ["meshery.json"]]);
    expect(await home.store().read()).toMatchObject({ state: "present", token: "new" });
  });

  it("T13 may be relative, and lead over a few more such links", async () => {
    const { home, folder, target } = linked();
    symlinkSync("meshery.json", join(folder, "second"));
    symlinkSync("../dotfiles/second", join(home.meshery, "first"));
    rmSync(home.file);
    symlinkSync("first", home.file);
    expect(await home.store().realFile()).toBe(target);
  });

  it("shares its lock and its details with the real path", async () => {
    const { home, target } = linked();
    const provider = { id: "a", package: "b", version: "1.0.0" };
    const details = { provider, account: null, verified: false, savedAt: "2026-01-02T03:04:05Z" };
    await home.store().commit(() => ({ members: members("new"), details }));
    expect(await home.store({}, target).details()).toEqual(details);
    await home.store({}, target).commit(async () => {
      const waiting = home.store().commit(() => undefined, { wait: 50 });
      await expect(waiting).rejects.toMatchObject({ code: "MESHAUTH_E_LOCKED" });
      return undefined;
    });
  });

  it("is not written through when it was changed during the wait for the lock", async () => {
    const { home, folder, target } = linked();
    const other = join(folder, "other.json");
    writeFileSync(other, OLD, { mode: 0o600 });
    let waiting: Promise<unknown> = Promise.resolve();
    await home.store().commit(async () => {
      waiting = home.store().commit(() => ({ members: members("new") }));
      waiting.catch(() => undefined);
      await sleep(100);
      rmSync(home.file);
      symlinkSync(other, home.file);
      return undefined;
    });
    await expect(waiting).rejects.toMatchObject({ code: "MESHAUTH_E_CHANGED" });
    expect([readFileSync(target, "utf8"), readFileSync(other, "utf8")]).toEqual([OLD, OLD]);
    expect(home.names(folder)).toEqual(["meshery.json", "other.json"]);
  });

  it("may be the Meshery folder itself", async () => {
    const home = new Home(OLD);
    const real = join(home.path, "real");
    renameSync(home.meshery, real);
    symlinkSync(real, home.meshery);
    expect(await home.store().realFile()).toBe(join(real, "auth.json"));
    await home.store().commit(() => ({ members: members("new") }));
    expect(lstatSync(home.meshery).isSymbolicLink()).toBe(true);
    expect(home.names(real)).toEqual(["auth.json"]);
  });
});

describe("any other link is refused, and nothing is changed", () => {
  it("T14 a link that leads nowhere", async () => {
    const { home, folder, target } = linked();
    rmSync(target);
    expect(await refused(home)).toEqual([`${home.file}: it is a link that leads nowhere.`]);
    rmSync(folder, { recursive: true });
    expect(await refused(home)).toEqual([`${home.file}: it is a link that leads nowhere.`]);
    expect(home.names()).toEqual(["auth.json"]);
  });

  it.each([0o777, 0o775, 0o1777])("T14 A12 a link into a folder of mode %o", async (mode) => {
    const { home, folder, target } = linked();
    chmodSync(folder, mode);
    const before = statSync(target).mtimeMs;
    expect(await refused(home)).toEqual([
      `${home.file}: it is a link into ${folder}, where other users can write.`,
    ]);
    expect([readFileSync(target, "utf8"), statSync(target).mtimeMs]).toEqual([OLD, before]);
    expect(home.names(folder)).toEqual(["meshery.json"]);
  });

  it("T14 a chain of fifty links", async () => {
    const { home, folder, target } = linked();
    let previous = target;
    for (let number = 1; number <= 50; number++) {
      const next = join(folder, `link-${number}`);
      symlinkSync(previous, next);
      previous = next;
    }
    rmSync(home.file);
    symlinkSync(previous, home.file);
    expect(await refused(home)).toEqual([`${home.file}: it leads through too many links.`]);
    expect(readFileSync(target, "utf8")).toBe(OLD);
  });

  it("T14 links in a circle", async () => {
    const { home } = linked();
    rmSync(home.file);
    symlinkSync(home.file, home.file);
    expect(await refused(home)).toEqual([`${home.file}: it leads through too many links.`]);
    rmSync(home.meshery, { recursive: true });
    symlinkSync(home.meshery, home.meshery);
    await refused(home);
  });

  it("A12 a Meshery folder that is a link into a folder that others can write in", async () => {
    const home = new Home(OLD);
    const real = join(home.path, "real");
    renameSync(home.meshery, real);
    chmodSync(real, 0o770);
    symlinkSync(real, home.meshery);
    expect(await refused(home)).toEqual([
      `${home.meshery}: it is a link into ${real}, where other users can write.`,
    ]);
  });

  it("A12 a Meshery folder that is a link that leads nowhere: nothing is created through it", async () => {
    const home = new Home();
    symlinkSync(join(home.path, "elsewhere"), home.meshery);
    await refused(home);
    expect(home.names(home.path)).toEqual([".meshery"]);
  });

  it("escapes the link's name in the message", async () => {
    const home = new Home("");
    const file = join(home.meshery, "a\u001b[2J\u202e.json");
    symlinkSync("nowhere", file);
    const error: unknown = await home
      .store({}, file)
      .read()
      .catch((reason: unknown) => reason);
    expect(isStoreError(error) && error.why).toBe(
      `${home.meshery}/a\ufffd[2J\ufffd.json: it is a link that leads nowhere.`,
    );
  });
});
