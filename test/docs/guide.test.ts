import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { offlineHome } from "../support/offline.js";
import { meshauth } from "../support/program.js";
import { blocksOf, isAsPrinted } from "./guide/blocks.js";
import { follow } from "./guide/files.js";

const page = readFileSync(fileURLToPath(new URL("../../docs/provider-guide.md", import.meta.url)), "utf8");
const blocks = blocksOf(page);

// test/rehearsals/tutorial.rehearsal.ts does all that the guide says, with npm and a registry. Here is what is quick.
describe("the guide to providers", () => {
  test("every code and every command of it is one that the rehearsal follows", () => {
    const fences = page.match(/^ *```\S/gm) ?? [];
    expect(blocks).toHaveLength(fences.length);
    expect(blocks.length).toBeGreaterThan(20);
    const commands = blocks.flatMap((block) => (block.kind === "commands" ? block.commands : []));
    expect(commands.filter(({ text }) => !/^(?:meshauth|npm|cd) /.test(text))).toEqual([]);
    expect(commands.map(({ text }) => text)).toEqual(expect.arrayContaining(["npm test", "npm login"]));
  });

  test("its edits and excerpts fit the package that provider new makes", async () => {
    const home = offlineHome();
    const made = blocks.flatMap((block) =>
      block.kind === "commands"
        ? block.commands.filter(({ text }) => text.startsWith("meshauth provider new"))
        : [],
    );
    expect(made).toHaveLength(1);
    const words = made[0]?.text.split(" ").slice(1) ?? [];
    const { code, stderr } = await meshauth(home, words);
    expect(code, stderr).toBe(0);
    expect(isAsPrinted(made[0]?.output ?? [], stderr)).toBe(true);
    const folder = join(home.path, "meshauth-provider-acme");
    const files = blocks.filter((block) => block.kind !== "commands");
    for (const block of files) follow(folder, block);
    expect(new Set(files.map(({ kind }) => kind))).toEqual(new Set(["file", "excerpt", "edit"]));
    expect(JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))).toMatchObject({
      meshauth: { providers: [{ options: [{ name: "tenant" }, { name: "url" }] }] },
    });
  });

  test("what a page says is printed is compared", () => {
    const output = ["Made a…", "…", "  the end"];
    expect(isAsPrinted(output, "Made a thing.\none\ntwo\n  the end\n")).toBe(true);
    expect(isAsPrinted(output, "Made a thing.\none\ntwo\nthe end\n")).toBe(false);
    expect(isAsPrinted([], "anything")).toBe(true);
  });
});
