import type { NpmAnswer } from "./npm.js";
import type { PluginWork } from "./work.js";

/** How long a question about a package may take, in milliseconds: what it is about can be installed without an answer. */
export const QUESTION_LIMIT_MS = 20_000;

/** Asks npm something, within a limit. @returns Why there is no answer, when there is none in time. */
export async function timedAnswer(
  { npm, signal }: Pick<PluginWork, "npm" | "signal">,
  command: "view" | "audit",
  operands: readonly string[],
  folder: string,
  flags: readonly string[] = [],
): Promise<NpmAnswer | string> {
  const limit = AbortSignal.timeout(QUESTION_LIMIT_MS);
  try {
    return await npm.ask(command, operands, folder, {
      flags: [...flags, "--fetch-retries=0"],
      signal: limit,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) return `there was no answer within ${QUESTION_LIMIT_MS / 1000} s`;
    throw error;
  }
}
