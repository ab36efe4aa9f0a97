import type { Look } from "@meshauth/auth-store";
import type { Account } from "@meshauth/provider-api";
import { MeshauthError } from "../errors/error.js";
import { listNames } from "../meshconfig/index.js";
import type { Runtime } from "../runtime.js";
import { isSameAccount, standingOf } from "../standing.js";
import type { StoredCredential } from "../stored-credential.js";
import { printable } from "../text.js";
import { commandWith } from "./command-for.js";

/** How long the question about another account's login waits for an answer. */
export const QUESTION_LIMIT_MS = 300_000;

/** The credential file as it was before the login, with what is known about it besides. */
export type Before = Pick<Look, "state" | "details" | "refused">;

/**
 * Whether writing `fresh` would take a working login of another account away. Local, expired, damaged and
 * logged-out files never ask.
 */
export function replacesAnother(
  { state, details, refused }: Before,
  fresh: StoredCredential,
  account: Account | null,
  now: Date,
): boolean {
  if (state.state !== "present" || !works({ state, details, refused }, now)) return false;
  const { serverName = "", token = "" } = state;
  return !isSameAccount({ serverName, token, details }, { ...fresh, account });
}

/** Who is signed in before a login, for the person who is about to change that; `undefined` when nobody is. */
export function signedInSoFar(before: Before, now: Date): string | undefined {
  if (!works(before, now)) return undefined;
  const day = before.details?.savedAt.slice(0, 10);
  const since = day === undefined ? "" : `, since ${day}`;
  return `Signed in so far: ${ownerOf(before)}${since}.`;
}

function works({ state, details, refused }: Before, now: Date): boolean {
  const standing = standingOf(state, now, details, refused);
  return state.state === "present" && (standing === "valid" || standing === "refreshable");
}

/** The contexts that a replacement would concern besides the one that is meant. */
export interface SharedFile {
  readonly context: string;
  /** The names of the others, at least one. */
  readonly others: readonly string[];
}

export interface ReplacementInput {
  readonly before: Before;
  readonly fresh: StoredCredential;
  readonly account: Account | null;
  readonly force: boolean;
  /** What was typed behind the name of the program, for the command to type next. */
  readonly words: readonly string[];
  /** Absent when the file is nobody else's. */
  readonly shared?: SharedFile | undefined;
}

/**
 * Lets the person decide about replacing another account's login. Where other contexts use the file, too,
 * there is a third way: this login gets a file of its own.
 *
 * @throws MeshauthError `MESHAUTH_E_INTERACTION` where nobody can be asked, `MESHAUTH_E_INTERRUPTED` when they
 *   say no. Nothing was written then.
 */
export async function guardReplacement(
  { terminal, now }: Runtime,
  input: ReplacementInput,
  signal: AbortSignal,
): Promise<"replace" | "own-file"> {
  const { before, fresh, account, force, shared } = input;
  if (!replacesAnother(before, fresh, account, now())) return "replace";
  const old = ownerOf(before);
  const next = fresh.token === "" ? `no account (${fresh.serverName})` : nameOf(account, fresh.serverName);
  if (force) {
    terminal.notify({ kind: "plain", message: `Replacing the login of ${old} with ${next}.` });
    return "replace";
  }
  if (!terminal.interactive) throw nobodyToAsk(input, old, next);
  const choice =
    shared === undefined
      ? (await terminal.confirm(
          { message: `The login of ${old} still works. Replace it with ${next}?`, initial: false },
          signal,
        )) && "replace"
      : await terminal.choose(questionOf(shared, old, next), signal);
  if (choice === "replace" || choice === "own-file") return choice;
  throw new MeshauthError("MESHAUTH_E_INTERRUPTED", { message: "Nothing was changed." });
}

/** What to say when another account's login is replaced without a question in a file that others use. */
export function replacedForOthers(
  { before, fresh, account, force, shared }: Omit<ReplacementInput, "words">,
  now: Date,
): string[] {
  if (!force || shared === undefined || !replacesAnother(before, fresh, account, now)) return [];
  return [
    `The login of ${ownerOf(before)} is replaced for ${contexts(shared.others)}, too: the file is the same.`,
  ];
}

function questionOf({ context, others }: SharedFile, old: string, next: string) {
  const names = listNames(others);
  return {
    message: `The login of ${old} still works, and ${contexts(others)} ${others.length === 1 ? "uses" : "use"} the same file. What is to become of the login of ${next}?`,
    choices: [
      { value: "replace", label: `Replace the old login, also for ${names}` },
      {
        value: "own-file",
        label: `Keep the old login, and save this one in a file of its own for ${listNames([context])}`,
      },
      { value: "leave", label: "Leave everything as it is" },
    ],
    // Of the three the one by which no login is lost.
    initial: "own-file",
  };
}

function nobodyToAsk({ words, shared }: ReplacementInput, old: string, next: string): MeshauthError {
  const rule = "A working login of another account is replaced only after a question, or with --force.";
  return new MeshauthError("MESHAUTH_E_INTERACTION", {
    message: `This login is for ${next}, but ${old} is signed in: nothing was changed.`,
    why:
      shared === undefined
        ? rule
        : `${rule} ${contexts(shared.others, "The")} would lose it, too: the file is the same.`,
    next: [
      ...(shared === undefined ? [] : [commandWith(words, "--own-file")]),
      commandWith(words, "--force"),
    ],
  });
}

function contexts(names: readonly string[], article = "the"): string {
  return `${article} context${names.length === 1 ? "" : "s"} ${listNames(names)}`;
}

function ownerOf({ state, details }: Before): string {
  return nameOf(details?.account ?? null, state.state === "present" ? state.serverName : undefined);
}

function nameOf(account: Account | null, serverName: string | undefined): string {
  const who = account?.email ?? account?.name ?? account?.id;
  const provider = serverName === undefined ? "an unknown provider" : printable(serverName);
  return who === undefined ? `an account at ${provider}` : `${who} (${provider})`;
}
