import { fstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Secrets } from "@meshauth/core/hot";
import { HOT, type Hot } from "./commands.js";
import { dataDirOf } from "./data-dir.js";
import { printLine } from "./print.js";

/** The part of a process that an answer depends on. */
export type HotProcess = Pick<NodeJS.Process, "arch" | "cwd" | "env" | "platform" | "version">;

/** The names of the providers that come with the program, as Meshery Servers use them. */
export const BUILT_IN_NAMES: readonly string[] = ["Layer5", "Meshery", "None", "Local"];

/**
 * Answers a command line before the whole program is loaded, if it is one of a few, everything is in order, and
 * nothing has to be done or said but to print the answer. The answer is that of the use case which the command calls.
 *
 * @param root - The program's folder: the one with its `package.json`.
 * @returns Whether it has been answered. If not, nothing has happened, and the whole program starts from the beginning.
 */
export async function answer(argv: readonly string[], root: string): Promise<boolean> {
  const line = await answerTo(argv, root, process);
  return line !== undefined && printLine(line);
}

/** What {@link answer} prints; `undefined` where the whole program has to answer. */
export async function answerTo(
  argv: readonly string[],
  root: string,
  self: HotProcess,
): Promise<string | undefined> {
  // Whoever looks for a fault is shown the whole program at work.
  if (self.env["DEBUG"]) return undefined;
  try {
    if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-v")) return versionLine(root, self);
    const command = HOT.find(({ words }) => words.every((word, index) => argv[index] === word));
    const hot = command && surroundings(self);
    return hot && (await command.answer(argv.slice(command.words.length), hot));
  } catch {
    // What is wrong, and what to do about it, the whole program tells.
    return undefined;
  }
}

/** What oclif calls the user agent. */
function versionLine(root: string, { platform, arch, version: node }: HotProcess): string | undefined {
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return arch === "ia32" ? undefined : `${name}/${version} ${platform}-${arch} node-${node}`;
}

/** The outside, as the commands see it; `undefined` where that depends on what only the whole program knows. */
function surroundings(self: HotProcess): Hot | undefined {
  const { env, platform } = self;
  const home =
    env["HOME"] ?? (platform === "win32" ? process.getBuiltinModule("node:os").homedir() : undefined);
  const dataDir = dataDirOf(self);
  const provider = env["MESHERY_PROVIDER"]?.trim();
  const isKnown = !provider || BUILT_IN_NAMES.includes(provider);
  if (!home || !dataDir || !isKnown) return undefined;
  return {
    env,
    platform,
    home,
    dataDir,
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
