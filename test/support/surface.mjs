// Prints the command surface of the built program as JSON: what test/program/surface.json has to say.
// To take a change over: node test/support/surface.mjs > test/program/surface.json, then format it.
import { fileURLToPath } from "node:url";
import { openSession } from "../../packages/cli/dist/loader/index.js";
import { createLoginCommand } from "../../packages/cli/dist/login/command.js";
import { OWN_COMMANDS } from "../../packages/cli/dist/own-commands.js";
import { createConfigureCommand } from "../../packages/cli/dist/settings/command.js";

const root = fileURLToPath(new URL("../../packages/cli", import.meta.url));
const session = await openSession({
  root,
  env: process.env,
  commands: OWN_COMMANDS,
  loginCommands: async () => createLoginCommand,
  configureCommands: async () => createConfigureCommand,
});
const config = await session.config();
const byName = (a, b) => (a[0] < b[0] ? -1 : 1);
const present = (members) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

/** One line for a flag: `option -c NAME`, and what else limits it. */
function describeFlag({
  char,
  type,
  options,
  exclusive,
  dependsOn,
  multiple,
  required,
  hidden,
  allowNo,
  env,
  helpValue,
}) {
  const words = [
    allowNo ? "boolean, with --no-" : type,
    char && `-${char}`,
    helpValue,
    options && `one of ${options.join(" ")}`,
    env && `env ${env}`,
    exclusive?.length && `not with ${exclusive.join(" ")}`,
    dependsOn?.length && `only with ${dependsOn.join(" ")}`,
    multiple && "multiple",
    required && "required",
    hidden && "hidden",
  ];
  return words.filter(Boolean).join(" ");
}

const flags = (given = {}) =>
  Object.fromEntries(
    Object.entries(given)
      .sort(byName)
      .map(([name, flag]) => [name, describeFlag(flag)]),
  );

const args = (given = {}) =>
  Object.entries(given).map(([name, { required, options }]) =>
    [name, required && "required", options && `one of ${options.join(" ")}`].filter(Boolean).join(" "),
  );

const commands = config.commands
  .map((command) => [
    command.id.replaceAll(":", " "),
    {
      aliases: [...(command.aliases ?? [])].map((alias) => alias.replaceAll(":", " ")).sort(),
      hiddenAliases: [...(command.hiddenAliases ?? [])].map((alias) => alias.replaceAll(":", " ")).sort(),
      ...present({
        hidden: command.hidden || undefined,
        strict: command.strict === false ? false : undefined,
      }),
      args: args(command.args),
      flags: flags({ ...command.baseFlags, ...command.flags }),
    },
  ])
  .sort(byName);
const topics = config.topics
  .map(({ name, hidden }) => [name, hidden === true ? "hidden" : "shown"])
  .sort(byName);

process.stdout.write(
  `${JSON.stringify({ topics: Object.fromEntries(topics), commands: Object.fromEntries(commands) }, null, 2)}\n`,
);
