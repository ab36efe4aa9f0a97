import {
  completeLogin,
  hasTwoSteps,
  type InstalledProvider,
  type LoginReport,
  MeshauthError,
  type Runtime,
  typedWord,
  withoutFlag,
} from "@meshauth/core";
import { targetOf } from "../base.js";
import { typedWords } from "../login/typed.js";
import { offered } from "./offered.js";

/** What was typed, as oclif's parser gives it. */
export interface CompletionCommand {
  readonly ticket: string;
  readonly providerId: string;
  /** What was typed after `login`: the id, or the name of saved settings. */
  readonly name: string;
  readonly argv: readonly string[];
  /** Which flags and arguments were on the command line. */
  readonly raw: readonly ({ readonly type: "flag"; readonly flag: string } | { readonly type: "arg" })[];
  readonly flags: {
    readonly timeout?: number | undefined;
    readonly "expect-account"?: string | undefined;
    readonly config?: string | undefined;
    readonly context?: string | undefined;
    readonly server?: string | undefined;
    readonly [other: string]: unknown;
  };
}

/** The flags that mean something to a completion. All others belong to the start. */
const TAKEN: ReadonlySet<string> = new Set([
  "complete",
  "provider",
  "context",
  "config",
  "server",
  "timeout",
  "force",
  "own-file",
  "expect-account",
  "skip-verify",
  "json",
  "no-input",
  "no-color",
]);

/** The flags that a start does not take. */
const NOT_AT_START = ["explain", "paste", "token-stdin"];

/** `login --complete TICKET`. @throws MeshauthError as `completeLogin`, and for flags that come too late. */
export async function runCompletion(runtime: Runtime, command: CompletionCommand): Promise<LoginReport> {
  const { ticket, flags, raw, argv, providerId } = command;
  for (const token of raw) {
    if (token.type !== "flag") throw tooLate("an argument", command);
    if (!TAKEN.has(token.flag)) throw tooLate(`--${token.flag}`, command);
  }
  const { timeout, "expect-account": expectAccount } = flags;
  return await completeLogin(runtime, {
    ticket,
    providerId,
    target: targetOf(flags),
    wait: timeout ?? 0,
    force: Boolean(flags["force"]),
    ownFile: Boolean(flags["own-file"]),
    skipVerify: Boolean(flags["skip-verify"]),
    ...(expectAccount === undefined ? {} : { expectAccount }),
    words: [...typedWords(["login"], withoutProvider(argv)), ...(flags["json"] ? ["--json"] : [])],
    offered: () => offered(process.stdin, timeout || undefined),
  });
}

/** What belongs to the start was given to the completion. What would work: one without it, or a start with it. */
function tooLate(what: string, { ticket, argv, name, flags }: CompletionCommand): MeshauthError {
  const command = (...words: readonly string[]): string =>
    ["meshauth login", ...words.map(typedWord), ...(flags["json"] ? ["--json"] : [])].join(" ");
  const rest = typedWords([name, "--start"], withoutFlag(withoutProvider(argv), "--complete"));
  return new MeshauthError("MESHAUTH_E_USAGE", {
    message: `--complete does not take ${what}.`,
    why: "A login that is completed goes on as it was started.",
    next: [
      command("--complete", ticket),
      ...(NOT_AT_START.some((name) => flags[name]) ? [] : [command(...rest)]),
    ],
  });
}

/** `login --complete TICKET` is handed on with the ticket's provider, which nobody needs to type. */
function withoutProvider(argv: readonly string[]): readonly string[] {
  return argv[0] === "--provider" ? argv.slice(2) : argv;
}

/** @throws MeshauthError when a login in two steps is asked for and the provider's way in has none. */
export function requireTwoSteps({ entry }: InstalledProvider, argv: readonly string[]): void {
  if (hasTwoSteps(entry)) return;
  const end = argv.indexOf("--");
  const flag = (end < 0 ? argv : argv.slice(0, end)).find((word) => /^--(start|complete)(=|$)/.test(word));
  if (flag === undefined || entry.options?.some(({ name }) => `--${name}` === flag.replace(/=.*$/s, "")))
    return;
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: `${entry.title} has no login in two steps.`,
    why: "--start and --complete are for providers that sign in with a link.",
    next: [`meshauth login ${entry.id}`],
  });
}

/** The ticket among words that no parser has seen; empty where the flag stands alone. */
export function typedTicket(argv: readonly string[]): string | undefined {
  for (const [index, word] of argv.entries()) {
    if (word === "--") return undefined;
    if (word === "--complete") return argv[index + 1] ?? "";
    if (word.startsWith("--complete=")) return word.slice("--complete=".length);
  }
  return undefined;
}
