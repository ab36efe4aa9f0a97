import { onlyFlags, typedWord } from "../login/command-for.js";
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

/** What is typed after `login` for a pending login: the saved settings that it was started with, or the provider. */
export function nameOf({ input, provider }: Pick<PendingLogin, "input" | "provider">): string {
  return input.savedSettings ?? provider.id;
}

/**
 * The command that starts another login, with the provider's options that were typed; without a record at the provider
 * that is built in.
 */
export function startAgain(
  pending?: Pick<PendingLogin, "input" | "provider">,
  ...flags: readonly string[]
): string {
  const words =
    pending === undefined
      ? ["layer5"]
      : [nameOf(pending), ...onlyFlags(pending.input.words, pending.input.options)];
  return ["meshauth login", ...[...words, "--start", ...flags, "--json"].map(typedWord)].join(" ");
}
