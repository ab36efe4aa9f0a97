import { join } from "node:path";
import { run } from "@oclif/core/run";
import { expect, it, vi } from "vitest";
import { openSession } from "../../src/loader/index.js";
import { installBroken } from "../support/broken-plugins.js";
import { commands, createLoginCommand, programFolder } from "../support/program-folder.js";
import { writeProvider } from "../support/provider-package.js";

/** A loaded program with three providers of the user's, and the ids of the login commands that were made. */
async function loaded() {
  const { root, dataDir } = await programFolder();
  const names = ["acme", "beta", "gamma"];
  for (const id of names)
    await writeProvider(join(dataDir, "node_modules", `${id}-provider`), `${id}-provider`, id);
  await installBroken(
    dataDir,
    [],
    names.map((id) => ({ name: `${id}-provider`, type: "user" })),
  );
  const create = vi.fn(createLoginCommand);
  const session = await openSession({
    root,
    env: {},
    commands,
    loginCommands: async () => create,
    configureCommands: async () => createLoginCommand,
  });
  const config = await session.config();
  return { config, made: () => create.mock.calls.map(([{ entry }]) => entry.id) };
}

it("no login command is made while the program loads or runs another command", async () => {
  const { config, made } = await loaded();
  await run(["status"], config);
  expect(config.commandIDs).toContain("system:login:gamma");
  expect(made()).toEqual([]);
});

it("the one that runs is made once, under both spellings", async () => {
  const { config, made } = await loaded();
  expect(await run(["login", "beta"], config)).toMatchObject({ id: "beta" });
  expect(await run(["system", "login", "beta"], config)).toMatchObject({ id: "beta" });
  expect(made()).toEqual(["beta"]);
});

it("both spellings have the same members, and a copy has them too", async () => {
  const { config, made } = await loaded();
  const [command, other] = ["login:acme", "system:login:acme"].map((id) => config.findCommand(id));
  const { id: _, hidden: __, load: ___, ...members } = { ...command };
  expect(other).toMatchObject({ id: "system:login:acme", hidden: true, ...members });
  expect(Object.keys(members.flags ?? {})).toEqual(["json"]);
  expect(members).toMatchObject({ summary: "Sign in with acme.", args: {}, aliases: [], pluginType: "core" });
  expect(made()).toEqual(["acme"]);
});
