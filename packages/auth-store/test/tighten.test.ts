import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Home, modeOf } from "./support/folder.js";

const CONTENT = '{"meshery-provider":"Layer5","token":"t"}\n';

describe("tighten", () => {
  it.each<[number, number, string, string, boolean]>([
    [0o644, 0o777, "600", "755", true],
    [0o666, 0o775, "600", "755", true],
    [0o755, 0o1777, "600", "1755", true],
    [0o640, 0o700, "600", "700", true],
    [0o600, 0o770, "600", "750", true],
    [0o600, 0o755, "600", "755", false],
    [0o400, 0o500, "400", "500", false],
  ])(
    "T12 makes a file of mode %o in a folder of mode %o private",
    async (file, folder, newFile, newFolder, changed) => {
      const home = new Home(CONTENT);
      chmodSync(home.file, file);
      chmodSync(home.meshery, folder);
      expect(await home.store().tighten()).toBe(changed);
      expect([modeOf(home.file), modeOf(home.meshery)]).toEqual([newFile, newFolder]);
      expect(await home.store().tighten()).toBe(false);
      expect([readFileSync(home.file, "utf8"), home.names()]).toEqual([CONTENT, ["auth.json"]]);
    },
  );

  it("mends a folder without a file, and creates nothing where there is none", async () => {
    const home = new Home("");
    rmSync(home.file);
    chmodSync(home.meshery, 0o777);
    expect(await home.store().tighten()).toBe(true);
    expect([modeOf(home.meshery), home.names()]).toEqual(["755", []]);
    const none = new Home();
    expect(await none.store().tighten()).toBe(false);
    expect(none.snapshot()).toEqual([]);
  });

  it("follows a link of ours only, and mends what it leads to and the folder of the link", async () => {
    const home = new Home(CONTENT);
    const folder = join(home.path, "dotfiles");
    mkdirSync(folder, 0o700);
    renameSync(home.file, join(folder, "auth.json"));
    symlinkSync(join(folder, "auth.json"), home.file);
    chmodSync(home.file, 0o644);
    chmodSync(home.meshery, 0o775);
    expect(await home.store().tighten()).toBe(true);
    expect([modeOf(join(folder, "auth.json")), modeOf(home.meshery)]).toEqual(["600", "755"]);
    chmodSync(folder, 0o777);
    await expect(home.store().tighten()).rejects.toMatchObject({ code: "MESHAUTH_E_UNSAFE" });
    expect(modeOf(folder)).toBe("777");
  });

  it("touches nothing that is no file of ours", async () => {
    const home = new Home(CONTENT);
    rmSync(home.file);
    mkdirSync(home.file, 0o755);
    await expect(home.store().tighten()).rejects.toMatchObject({ code: "MESHAUTH_E_UNSAFE" });
    expect(modeOf(home.file)).toBe("755");
    const uid = (process.getuid?.() ?? 0) + 1;
    const theirs = new Home(CONTENT);
    chmodSync(theirs.file, 0o644);
    await expect(theirs.store({ uid }).tighten()).rejects.toMatchObject({ code: "MESHAUTH_E_UNSAFE" });
    expect(modeOf(theirs.file)).toBe("644");
  });

  it("has nothing to do where modes mean nothing", async () => {
    const home = new Home(CONTENT);
    chmodSync(home.file, 0o644);
    expect(await home.store({ uid: undefined }).tighten()).toBe(false);
    expect(modeOf(home.file)).toBe("644");
  });

  it("T37 is not done by root for another user", async () => {
    const home = new Home(CONTENT);
    chmodSync(home.file, 0o644);
    if (process.getuid?.() === 0) chownSync(home.meshery, 4242, 4242);
    await expect(home.store({ uid: 0 }).tighten()).rejects.toMatchObject({ code: "MESHAUTH_E_ROOT" });
    expect(modeOf(home.file)).toBe("644");
  });
});
