import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Block, blocksOf, type Command, type Directions, isAsPrinted } from "../docs/guide/blocks.js";
import { follow } from "../docs/guide/files.js";
import { FOR_PROVIDERS, type Mirror, startMirror } from "../support/mirror.js";
import { freePort, type Newcomer, newcomer, type Started } from "./new-provider/newcomer.js";

const page = readFileSync(fileURLToPath(new URL("../../docs/provider-guide.md", import.meta.url)), "utf8");
const ANSWER = fileURLToPath(new URL("tutorial/answer.mjs", import.meta.url));

let mirror: Mirror;
beforeAll(async () => {
  mirror = await startMirror(["@meshauth/cli", ...FOR_PROVIDERS]);
});
afterAll(async () => {
  await mirror.close();
});

/** Somebody who follows the guide, with the program that npm installs for them. */
interface Reader {
  readonly person: Newcomer;
  server?: Started;
}

/** What cannot be done here as it is written. */
function exception(reader: Reader, command: string): boolean {
  if (command !== "npm login") return false;
  writeFileSync(join(reader.person.home, ".npmrc"), mirror.login);
  return true;
}

async function type(reader: Reader, { text, output }: Command, how: Directions, port: number): Promise<void> {
  const { person } = reader;
  const command = text.replaceAll("127.0.0.1:4180", `127.0.0.1:${port}`);
  if (exception(reader, command)) return;
  if (command.startsWith("cd ")) {
    person.cwd = join(person.cwd, command.slice("cd ".length));
    return;
  }
  const expected = output.map((line) => line.replaceAll("127.0.0.1:4180", `127.0.0.1:${port}`));
  if (how.background) {
    reader.server?.stop();
    await reader.server?.outcome;
    reader.server = person.start(command, { PORT: String(port) });
    await reader.server.see(/http:\/\/127/);
    return;
  }
  const answered =
    how.answer === undefined ? command : `"${process.execPath}" "${ANSWER}" ${how.answer} '${command}'`;
  const { code, stdout, stderr } = await person.start(answered).outcome;
  const printed = plain(stdout + stderr);
  expect({ command, fails: code !== 0 }, printed).toEqual({ command, fails: how.fails });
  expect(isAsPrinted(expected, printed), `${command} printed:\n${printed}`).toBe(true);
}

/** What a terminal was sent, as text. */
function plain(text: string): string {
  return text.replace(/\u001b\[[?\d;]*[@-~]/g, "").replaceAll("\r\n", "\n");
}

test("whoever does what the guide to providers says has a published provider at its end", async () => {
  const [author, user]: [Reader, Reader] = [
    { person: newcomer(mirror.env) },
    { person: newcomer(mirror.env) },
  ];
  const port = await freePort();
  const begin = performance.now();
  for (const block of blocksOf(page)) {
    if (block.kind === "commands") await followCommands(block);
    else follow(author.person.cwd, block);
  }
  author.server?.stop();
  const minutes = (performance.now() - begin) / 60_000;
  process.stdout.write(`The guide's commands took ${minutes.toFixed(1)} minutes.\n`);

  async function followCommands({
    commands,
    directions,
  }: Extract<Block, { kind: "commands" }>): Promise<void> {
    for (const [index, command] of commands.entries()) {
      const last = index === commands.length - 1;
      const who = directions.user ? user : author;
      await type(who, command, { ...directions, fails: directions.fails && last }, port);
      // Another machine has the program, too.
      if (command.text === "npm install --global @meshauth/cli") await type(user, command, directions, port);
    }
  }
}, 1_200_000);
