import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { OWN_COMMANDS } from "../src/own-commands.js";

const FOLDER = join(import.meta.dirname, "../src/commands");

it("are the files of the commands, by their path", () => {
  const ids = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.replace(/(?:\/index)?\.ts$/, "").replaceAll("/", ":"));
  expect(Object.keys(OWN_COMMANDS).sort()).toEqual(ids.sort());
});

it.each(Object.entries(OWN_COMMANDS))("%s is a command of that name", async (id, load) => {
  const { default: command } = await load();
  expect(command.run).toBeTypeOf("function");
  const word = id.split(":").at(-1) ?? "";
  expect(command.name.toLowerCase()).toContain(word);
});
