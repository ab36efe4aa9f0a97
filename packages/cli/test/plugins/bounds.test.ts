import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { MeshauthError } from "@meshauth/core";
import { describe, expect, it } from "vitest";
import { checkPackage, measure } from "../../src/plugins/bounds.js";
import { whileWithin } from "../../src/plugins/watch.js";
import { temporaryFolder } from "../support/folder.js";
import { type ProviderPackage, writeProvider } from "../support/provider-package.js";

async function packageWith(options: ProviderPackage = {}, name = "acme-provider"): Promise<string> {
  return await writeProvider(join(await temporaryFolder(), "package"), name, "acme", options);
}

describe("a package that was unpacked", () => {
  it("is measured, with links that stay inside", async () => {
    const root = await packageWith({ files: { "lib/a.js": "12345" } });
    await symlink("a.js", join(root, "lib/b.js"));
    expect(await checkPackage(root)).toMatchObject({ files: 4 });
  });

  it("is measured without what it needs, for which there is a limit of its own", async () => {
    const files = { "lib/node_modules/a.js": "", "node_modules/needed/index.js": "" };
    expect(await checkPackage(await packageWith({ files }))).toMatchObject({ files: 3 });
  });

  it.each([
    ["a folder of the system", "/etc"],
    ["what is above it", "../../elsewhere"],
    ["a package beside it", "../package-2"],
    ["nothing", "./gone"],
    ["itself", "."],
  ])("is refused for a link to %s", async (_, target) => {
    const root = await packageWith();
    await mkdir(join(root, "../package-2"));
    await symlink(target, join(root, "link"));
    await expect(checkPackage(root)).rejects.toThrow('Its "link" is a link out of the package.');
  });

  it.each<[string, object, string?]>([
    ["our own", { bin: { meshauth: "./index.js" } }],
    ["our own, among others", { bin: { acme: "./index.js", meshauth: "./index.js" } }],
    ["a look-alike", { bin: { "mesh-auth": "./index.js" } }],
    ["another look-alike", { bin: { rneshauth: "./index.js" } }],
    ["our own in a folder", { bin: { "../meshauth": "./index.js" } }],
    ["that of the package, which is our own", { bin: "./index.js" }, "@acme/meshauth"],
    ["our own, in a folder of programs", { directories: { bin: "./bin" } }],
  ])("is refused for a program with a name like ours: %s", async (_, pjson, name) => {
    const root = await packageWith({ pjson, files: { "bin/meshauth": "" } }, name);
    await expect(checkPackage(root)).rejects.toThrow(/^It brings a program called ".+", as meshauth does\.$/);
  });

  it("may bring a program of another name", async () => {
    const pjson = { bin: { "acme-login": "./index.js" }, directories: { bin: "./gone" } };
    await expect(checkPackage(await packageWith({ pjson }))).resolves.toMatchObject({ files: 2 });
  });

  it("is refused beyond a number of files, folders among them, and beyond a size", async () => {
    const root = await packageWith({ files: { "a/b/c.js": "12345" } });
    await expect(measure(root, { entries: 4, bytes: 1_000 })).rejects.toThrow("It holds more than 4 files.");
    await expect(measure(root, { entries: 9, bytes: 100 })).rejects.toThrow(/^It is larger than /);
    await expect(measure(root, { entries: 5, bytes: 1_000 })).resolves.toMatchObject({ files: 3 });
  });
});

describe("what fills a folder", () => {
  const tooMuch = (reason: string) => new MeshauthError("MESHAUTH_E_PLUGIN_UNSAFE", { why: reason });

  it("is ended when it is too much", async () => {
    const folder = await temporaryFolder();
    const fill = async (signal: AbortSignal): Promise<void> => {
      for (let count = 0; count < 1_000; count++) {
        await writeFile(join(folder, `${count}`), "x");
        await delay(10);
        signal.throwIfAborted();
      }
    };
    const look = async () => void (await measure(folder, { entries: 10, bytes: 1_000 }));
    await expect(whileWithin(fill, look, tooMuch)).rejects.toMatchObject({
      code: "MESHAUTH_E_PLUGIN_UNSAFE",
      why: "It holds more than 10 files.",
    });
  });

  it("is not waited for longer than it takes, whatever goes away meanwhile", async () => {
    const look = async () => void (await measure("/nowhere", { entries: 1, bytes: 1 }));
    await expect(whileWithin(async () => "done", look, tooMuch)).resolves.toBe("done");
  });
});
