import { resolve } from "node:path";
import type { OptionValues } from "@meshauth/provider-api";
import { beforeAbort } from "../before-abort.js";
import { MeshauthError } from "../errors/error.js";
import { typedWord } from "../login/command-for.js";
import { findNeighbours, openDestination } from "../login/destination.js";
import type { LoginInput } from "../login/login.js";
import { admit } from "../provider-session.js";
import type { InstalledProvider } from "../registry/index.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { resolveTarget, type Target } from "../target.js";
import { withTimeLimit } from "../time-limit.js";
import { fromFailure } from "./messages.js";
import { createPending, type PendingLogin, removePending, sweepPending } from "./pending.js";
import type { FirstWord, Invitation } from "./starter.js";
import { createTicket, parseTicket } from "./ticket.js";

/** How long the process that keeps a login may need to come up with a link. */
const LINK_LIMIT_MS = 60_000;

/** What a started login reports; the document of `--json`. */
export interface StartReport extends Invitation {
  /** Good for one completion. */
  readonly ticket: string;
  /** The end of the ticket, RFC 3339. */
  readonly expiresAt: string;
  /** The command that completes the login. */
  readonly complete: string;
  readonly provider: { readonly id: string; readonly package: string; readonly version: string };
}

/** The process that keeps a login, as long as the one that started it is there. */
export interface Keeper {
  /** What it said first. @throws MeshauthError when it ended without a word. */
  first(): Promise<FirstWord>;
  /** Leaves it to itself: from now on it does not end with this process. */
  release(): Promise<void>;
  /** Ends it. */
  abandon(): void;
}

/**
 * Starts the process that calls `keepLogin` with this id, without a terminal, apart from this process.
 *
 * @param name - What is typed after `login`.
 */
export type LaunchKeeper = (id: string, name: string) => Keeper;

/**
 * Starts a login and leaves it to a process of its own: finds the file and proves that it can be written, has the
 * provider's link, and returns at once. The ticket is in the report and nowhere else.
 *
 * @param input - `force`, `expectAccount` and the like hold for the completion, too.
 * @throws MeshauthError; nothing is left behind then.
 */
export async function startLogin(
  runtime: Runtime,
  input: Omit<LoginInput, "approved">,
  launch: LaunchKeeper,
): Promise<StartReport> {
  await sweepPending(runtime);
  // The process that keeps the login has no terminal.
  await admit(runtime, input.provider, { ask: true });
  const target = await resolveTarget(runtime, input.target);
  await prove(runtime, target, input);
  const ends = runtime.now().getTime() + input.timeout;
  // To the second, as the ticket has it.
  const expiresAt = new Date(Math.ceil(ends / 1000) * 1000);
  const ticket = createTicket(expiresAt);
  const id = parseTicket(ticket)?.id ?? "";
  const { entry, package: name, version } = input.provider;
  await createPending(runtime, id, pendingOf(runtime, input, target, expiresAt));
  const keeper = launch(id, input.savedSettings ?? entry.id);
  try {
    const limit = Math.min(LINK_LIMIT_MS, input.timeout);
    const word = await withTimeLimit(runtime.signal, limit, (signal) =>
      beforeAbort(signal, () => keeper.first()),
    );
    if ("failure" in word) throw fromFailure(word.failure);
    await keeper.release();
    return {
      ticket,
      link: word.link,
      code: word.code,
      expiresAt: expiresAt.toISOString(),
      complete: ["meshauth login --complete", ticket, ...flagsOf(runtime, input.target), "--json"].join(" "),
      provider: { id: entry.id, package: name, version },
    };
  } catch (error) {
    keeper.abandon();
    await removePending(runtime, id);
    throw error;
  }
}

async function prove(runtime: Runtime, target: Target, input: Omit<LoginInput, "approved">): Promise<void> {
  const neighbours = await findNeighbours(runtime, target);
  await withTimeLimit(runtime.signal, input.timeout, (signal) =>
    openDestination(runtime, target, { ownFile: input.ownFile, neighbours }, signal),
  );
}

function pendingOf(
  { cwd }: Runtime,
  { provider, ...input }: Omit<LoginInput, "approved">,
  { config, context, store }: Target,
  expiresAt: Date,
): PendingLogin {
  return {
    input: {
      ...input,
      options: inAnyFolder(input.options, provider, cwd),
      target: {
        server: config.server,
        ...(config.exists ? { config: config.file } : {}),
        ...(context === undefined ? {} : { context: context.name }),
      },
    },
    provider: { id: provider.entry.id, package: provider.package },
    cwd,
    file: store.file,
    expiresAt: expiresAt.toISOString(),
  };
}

/**
 * The process that keeps the login is in another folder, and has no standard input: files are named in full.
 *
 * @throws MeshauthError `MESHAUTH_E_USAGE` for a file that is `-`.
 */
function inAnyFolder(options: OptionValues, { entry }: InstalledProvider, cwd: string): OptionValues {
  const files = (entry.options ?? []).flatMap(({ name, type }) => {
    const value = options[name];
    if (type !== "file" || typeof value !== "string") return [];
    if (value !== "-") return [[name, resolve(cwd, value)]];
    throw new MeshauthError("MESHAUTH_E_USAGE", {
      message: `The value of ${name} is standard input, and has to be a file.`,
      why: "The login goes on where there is no standard input.",
      next: ["Give the path of a file."],
    });
  });
  return { ...options, ...Object.fromEntries(files) };
}

/** The flags that were typed, so that they mean the same in another folder. */
function flagsOf({ cwd }: Runtime, { config, context, server }: TargetFlags): string[] {
  return [
    ...(config === undefined ? [] : ["--config", resolve(cwd, config)]),
    ...(context === undefined ? [] : ["--context", context]),
    ...(server === undefined ? [] : ["--server", server]),
  ].map(typedWord);
}

/** The error of a keeper that ended, or could not be started. @param name - What is typed after `login`. */
export function keeperFailed(name: string, cause?: unknown): MeshauthError {
  return new MeshauthError("MESHAUTH_E_UNEXPECTED", {
    message: "The process that waits for the sign-in could not be started, or ended.",
    why: "The system did not let it run, or it ended before it had a link.",
    next: [`meshauth login ${typedWord(name)} --no-browser`],
    ...(cause === undefined ? {} : { cause }),
  });
}
