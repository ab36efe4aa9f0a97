import { chmodSync, chownSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { build } from "./support/build.js";
import { Home, modeOf } from "./support/folder.js";
import { Worker } from "./support/process.js";

// Root passes every check of modes, so the tests that root runs use another user.
const uid = process.getuid?.() === 0 ? 65534 : undefined;
const DETAILS = {
  provider: { id: "a", package: "b", version: "1.0.0" },
  account: null,
  verified: false,
  savedAt: "2026-01-02T03:04:05Z",
};

beforeAll(build);

function own(home: Home): Home {
  if (uid !== undefined) for (const path of [home.path, home.meshery, home.file]) chownSync(path, uid, uid);
  return home;
}

describe.each([0o000, 0o022, 0o777])("T12 under umask %o", (umask) => {
  it.each([0o644, 0o666])("a file of mode %o is replaced by one of mode 600", async (mode) => {
    const home = own(new Home('{"meshery-provider":"Layer5","token":"old"}'));
    chmodSync(home.file, mode);
    const options = uid === undefined ? {} : { uid };
    const read = await new Worker(home, { action: "read", umask }, options).answer();
    expect(read).toMatchObject({ ok: true, warnings: ["mode"] });
    const commit = await new Worker(home, { action: "commit", umask, token: "new" }, options).answer();
    expect(commit).toMatchObject({ ok: true, warnings: [] });
    expect([modeOf(home.file), readFileSync(home.file, "utf8")]).toEqual([
      "600",
      '{"meshery-provider":"Layer5","token":"new"}\n',
    ]);
  });

  it("everything that is created is private", async () => {
    const home = new Home();
    if (uid !== undefined) chownSync(home.path, uid, uid);
    const request = { action: "commit", umask, token: "new", details: DETAILS };
    const answer = await new Worker(home, request, uid === undefined ? {} : { uid }).answer();
    expect(answer).toMatchObject({ ok: true, warnings: [] });
    const modes = home.snapshot().map((line) => {
      const [name = "", mode = ""] = line.split(" ");
      return [name.replace(/[0-9a-f]{64}/, "<digest>"), mode];
    });
    expect(modes).toEqual([
      [".meshery", "40700"],
      [".meshery/auth.json", "100600"],
      ["data", "40700"],
      ["data/credentials", "40700"],
      ["data/credentials/<digest>", "40700"],
      ["data/credentials/<digest>/details.json", "100600"],
    ]);
    expect(modeOf(join(home.path, "data"))).toBe("700");
  });
});
