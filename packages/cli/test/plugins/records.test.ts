import { appendFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { keepingOthers } from "../../src/trust/records.js";
import { standingNow } from "../../src/trust/standing.js";
import { readTrust, trustPath, writeTrust } from "../../src/trust/trust-file.js";
import { recordConsent } from "../support/consent.js";
import { temporaryFolder } from "../support/folder.js";
import { placePlugin, write } from "../support/provider-package.js";

const uid = process.getuid?.();

/** Plugin `one` needs a package beside it, and would take two that are not there; `other` is the one that changes. */
async function installed() {
  const dataDir = await temporaryFolder();
  const root = await placePlugin(dataDir, "one", "one", {
    pjson: {
      dependencies: { beside: "1", within: "1" },
      optionalDependencies: { lacking: "1" },
      peerDependencies: { peer: "1" },
    },
  });
  const modules = join(dataDir, "node_modules");
  await write(join(modules, "beside/package.json"), { name: "beside", version: "1.0.0" });
  await write(join(root, "node_modules/within/package.json"), { name: "within", version: "1.0.0" });
  await placePlugin(dataDir, "other", "other");
  await recordConsent(dataDir);
  const said: string[] = [];
  const place = { dataDir, uid, say: (text: string) => void said.push(text) };
  const change = (work: () => Promise<unknown>) => keepingOthers(place, "other", work);
  const stateOf = async (name: string) => (await standingNow(place, name)).state;
  return { dataDir, root, modules, said, change, stateOf };
}

type Installed = Awaited<ReturnType<typeof installed>>;

describe("a change of one plugin", () => {
  it("that leaves the others as they are writes nothing, and says nothing", async () => {
    const { dataDir, modules, said, change, stateOf } = await installed();
    const before = await readFile(trustPath(dataDir), "utf8");
    expect(await change(async () => appendFile(join(modules, "other/index.js"), "// new"))).toBeUndefined();
    expect(await readFile(trustPath(dataDir), "utf8")).toBe(before);
    expect([await stateOf("one"), said]).toEqual(["trusted", []]);
  });

  it.each<[string, (place: Installed) => Promise<unknown>]>([
    ["another version of what it needs", ({ modules }) => write(join(modules, "beside/index.js"), "new")],
    ["what it needs going away", ({ modules }) => rm(join(modules, "beside"), { recursive: true })],
    ["a package that was absent", ({ modules }) => write(join(modules, "lacking/package.json"), "{}")],
    ["a peer that was absent", ({ modules }) => write(join(modules, "peer/package.json"), "{}")],
    ["one in its own folder", ({ root }) => write(join(root, "node_modules/within/index.js"), "new")],
  ])("that brings another plugin %s: it is asked about again", async (_, work) => {
    const place = await installed();
    await place.change(() => work(place));
    expect(await place.stateOf("one")).toBe("untrusted");
    expect(place.said).toEqual([expect.stringContaining("one needs is another now")]);
  });

  it.each<[string, (place: Installed) => Promise<unknown>]>([
    ["a file of another", ({ root }) => appendFile(join(root, "index.js"), "// new")],
    ["the folder of another", ({ root }) => rm(root, { recursive: true })],
  ])("that changes %s fails, and nothing is recorded", async (_, work) => {
    const place = await installed();
    const before = await readFile(trustPath(place.dataDir), "utf8");
    await expect(place.change(() => work(place))).rejects.toMatchObject({
      code: "MESHAUTH_E_PLUGIN",
      message: "A change of other would have changed one as well. Nothing was changed.",
    });
    expect(await readFile(trustPath(place.dataDir), "utf8")).toBe(before);
  });

  it("leaves noticed what somebody had changed before", async () => {
    const place = await installed();
    await appendFile(join(place.root, "index.js"), "// edited");
    await place.change(async () => {
      await write(join(place.modules, "beside/index.js"), "new");
      await appendFile(join(place.root, "index.js"), "// edited again");
    });
    expect([await place.stateOf("one"), place.said]).toEqual(["changed", []]);
  });

  it("looks at no folder outside, whatever the records name", async () => {
    const place = await installed();
    const { records } = await readTrust(place.dataDir, uid);
    const record = records.get("one");
    if (record !== undefined) await writeTrust(place.dataDir, new Map([...records, ["../one", record]]));
    await write(join(place.dataDir, "one/package.json"), "{}");
    await place.change(async () => rm(join(place.dataDir, "one"), { recursive: true }));
    expect(await place.stateOf("one")).toBe("trusted");
  });
});
