import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { listPath, readPluginList } from "../../src/loader/index.js";
import { temporaryFolder } from "../support/folder.js";
import { write } from "../support/provider-package.js";

/** A data folder that lists an installed and a linked plugin. */
async function listed(): Promise<string> {
  const dataDir = join(await temporaryFolder(), "data");
  const plugins = [
    { name: "installed", type: "user" },
    { name: "linked", type: "link", root: "/somewhere/linked" },
  ];
  await write(listPath(dataDir), { oclif: { plugins } });
  await chmod(dataDir, 0o700);
  await chmod(listPath(dataDir), 0o600);
  return dataDir;
}

describe("the list of plugins", () => {
  it("counts in full when it is the user's own", async () => {
    const { plugins, problems } = await readPluginList(await listed());
    expect(plugins.map(({ name }) => name)).toEqual(["installed", "linked"]);
    expect(problems).toEqual([]);
  });

  it.each([
    ["the file", listPath, 0o620],
    ["the folder", (dataDir: string) => dataDir, 0o702],
  ])("links nothing when other users can write %s", async (_, pathOf, mode) => {
    const dataDir = await listed();
    const path = pathOf(dataDir);
    await chmod(path, mode);
    const { plugins, problems } = await readPluginList(dataDir);
    expect(plugins.map(({ name }) => name)).toEqual(["installed"]);
    expect(problems).toEqual([
      {
        package: "linked",
        origin: "link",
        reason: `It is linked by a list that other users can write: ${JSON.stringify(path)}.`,
        next: `chmod go-w ${JSON.stringify(path)}`,
      },
    ]);
  });

  it("links nothing when it belongs to another user", async (context) => {
    const dataDir = await listed();
    const mine = process.getuid?.() ?? 0;
    const uid = vi.spyOn(process, "getuid").mockReturnValue(mine + 1);
    context.onTestFinished(() => uid.mockRestore());
    const { plugins, problems } = await readPluginList(dataDir);
    expect(plugins.map(({ name }) => name)).toEqual(["installed"]);
    expect(problems[0]?.reason).toContain("another user's");
  });
});
