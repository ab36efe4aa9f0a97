import { typedWord } from "../login/command-for.js";
import type { PendingLogin } from "./pending.js";

/** What is known of the command line of a completion. */
export interface TypedCompletion {
  readonly ticket: string;
  /** As in a `LoginInput`, with the flags about output. */
  readonly words: readonly string[];
}

/** The command of a completion as it was typed. */
export function sameAgain({ words }: TypedCompletion): string {
  return ["meshauth", ...words.map(typedWord)].join(" ");
}

/** A completion of the same ticket, with these flags instead of those that were typed. */
export function completeAgain({ ticket, words }: TypedCompletion, ...flags: readonly string[]): string {
  const json = words.includes("--json") ? ["--json"] : [];
  return ["meshauth login --complete", ...[ticket, ...flags, ...json].map(typedWord)].join(" ");
}

/** The command that starts another login; without a record at the provider that is built in. */
export function startAgain(pending?: Pick<PendingLogin, "provider">, ...flags: readonly string[]): string {
  const id = pending?.provider.id ?? "layer5";
  return ["meshauth login", ...[id, "--start", ...flags, "--json"].map(typedWord)].join(" ");
}
