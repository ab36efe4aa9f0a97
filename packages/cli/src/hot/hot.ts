import { fstatSync } from "node:fs";
import { homedir } from "node:os";
import { Secrets } from "@meshauth/core/hot";
import { ownFolder } from "../own-folders.js";
import { HOT, type Hot } from "./commands.js";

/** The part of a process that an answer depends on. */
export type HotProcess = Pick<NodeJS.Process, "cwd" | "env" | "platform">;

/** The names of the providers that come with the program, as Meshery Servers use them. */
export const BUILT_IN_NAMES: readonly string[] = ["Layer5", "Meshery", "None", "Local"];

/**
 * What a hot command prints, from the use case that the command itself calls.
 *
 * @returns `undefined` where the whole program has to answer.
 * @throws whatever keeps the answer from being found.
 */
export async function answerTo(argv: readonly string[], self: HotProcess): Promise<string | undefined> {
  const command = HOT.find(({ words }) => words.every((word, index) => argv[index] === word));
  const hot = command && surroundings(self);
  return hot && (await command.answer(argv.slice(command.words.length), hot));
}

/** The outside, as the commands see it; `undefined` where that depends on what only the whole program knows. */
function surroundings(self: HotProcess): Hot | undefined {
  const { env, platform } = self;
  const home = env["HOME"] ?? (platform === "win32" ? homedir() : undefined);
  const provider = env["MESHERY_PROVIDER"]?.trim();
  const isKnown = !provider || BUILT_IN_NAMES.includes(provider);
  if (!home || !isKnown) return undefined;
  return {
    env,
    platform,
    home,
    dataDir: ownFolder("data", self),
    cwd: self.cwd(),
    registry: { providers: [], problems: [] },
    secrets: new Secrets(),
    now: () => new Date(),
    stdout: {
      get isTTY() {
        // A terminal is a character device. To ask what kind it is takes longer than to ask whether it is one.
        return fstatSync(1).isCharacterDevice() && process.getBuiltinModule("node:tty").isatty(1);
      },
    },
  };
}
