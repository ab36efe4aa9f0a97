import { printLine } from "./print.js";
import { versionLine } from "./version.js";

/** The first words of what may be answered before the whole program is loaded. */
const FIRST_WORDS: ReadonlySet<string | undefined> = new Set(["token", "credential", "status"]);

/**
 * Answers a command line before the whole program is loaded, if it is one of a few, everything is in order, and nothing
 * has to be done or said but to print the answer. No other command line waits for the answers to be loaded.
 *
 * @param root - The program's folder: the one with its `package.json`.
 * @returns Whether it has been answered. If not, nothing has happened, and the whole program starts from the beginning.
 */
export async function answer(argv: readonly string[], root: string): Promise<boolean> {
  // Whoever looks for a fault is shown the whole program at work.
  if (process.env["DEBUG"]) return false;
  if (isVersion(argv)) return attempt(() => versionLine(root, process));
  if (!mayBeHot(argv)) return false;
  return await attempt(async () => (await import("./hot.js")).answerTo(argv, process));
}

/** Whether the version is all that is asked for. */
export function isVersion(argv: readonly string[]): boolean {
  return argv.length === 1 && (argv[0] === "--version" || argv[0] === "-v");
}

/** Whether the answers are worth loading. */
export function mayBeHot([first]: readonly string[]): boolean {
  return FIRST_WORDS.has(first);
}

/** Prints a line. What keeps it from being found, and what to do about that, the whole program tells. */
async function attempt(find: () => string | undefined | Promise<string | undefined>): Promise<boolean> {
  let line: string | undefined;
  try {
    line = await find();
  } catch {
    return false;
  }
  return line !== undefined && printLine(line);
}
