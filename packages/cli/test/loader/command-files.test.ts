import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkCommandFiles } from "../../src/loader/command-files.js";
import { temporaryFolder } from "../support/folder.js";
import { write } from "../support/provider-package.js";

/** A package with one command, beside a file that is not its own. */
async function check(discovery: unknown, relativePath?: readonly string[]): Promise<void> {
  const folder = await temporaryFolder();
  const root = join(folder, "package");
  await write(join(folder, "outside.cjs"), "");
  await write(join(root, "commands/x.js"), "");
  await write(join(root, "main/package.json"), { main: "../../outside.cjs" });
  await write(join(root, "other/x/package.json"), { main: "../../../outside.cjs" });
  await symlink("../outside.cjs", join(root, "link.cjs"));
  const command = { id: "x", aliases: [], hiddenAliases: [], members: {} };
  await checkCommandFiles(root, discovery, [{ ...command, ...(relativePath ? { relativePath } : {}) }]);
}

const explicit = (target: string) => ({ strategy: "explicit", target });

describe("the files of a plugin's commands", () => {
  it.each<[unknown, string[]?]>([
    ["./commands", ["commands", "x.js"]],
    ["commands"],
    ["./gone"],
    [{ strategy: "pattern", target: "./commands", globPatterns: ["**/*.js"] }],
    [explicit("./commands/x")],
    [{ strategy: "single", target: "./commands/x.js" }],
    ["."],
  ])("may be in the package: %j %j", async (discovery, path) => {
    await expect(check(discovery, path)).resolves.toBeUndefined();
  });

  it.each<[unknown, string[]?]>([
    ["./commands", ["..", "outside.cjs"]],
    ["./commands", ["../outside"]],
    ["./commands", ["link.cjs"]],
    [".."],
    ["./other"],
    [explicit("../outside.cjs")],
    [explicit("./link.cjs")],
    [explicit("./main")],
    [{ strategy: "pattern", target: "../" }],
    [{ strategy: "pattern", target: "./commands", globPatterns: ["../*.cjs"] }],
  ])("may not be outside of it: %j %j", async (discovery, path) => {
    await expect(check(discovery, path)).rejects.toThrow("outside of the package.");
  });

  it.each([true, {}, { strategy: "other", target: "./commands" }, { strategy: "explicit" }])(
    "must be told: %j",
    async (discovery) => {
      await expect(check(discovery)).rejects.toThrow("do not say where its commands are.");
    },
  );
});
