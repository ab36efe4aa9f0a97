import type { LoginRequest } from "@meshauth/provider-api";
import { isMeshauthError, MeshauthError } from "../errors/error.js";
import { openProvider, type ProviderSession } from "../provider-session.js";
import { withResolvers } from "../receiver/exchange.js";
import type { InstalledProvider } from "../registry/index.js";
import type { Runtime } from "../runtime.js";
import { toStored } from "../stored-credential.js";
import { listenAt } from "./channel.js";
import { Counter } from "./counter.js";
import { keeperTerminal } from "./keeper-terminal.js";
import { type Failure, type Outcome, toFailure } from "./messages.js";
import {
  type PendingLogin,
  pendingFolder,
  readPending,
  removePending,
  removePendingSync,
} from "./pending.js";

/** How often it is looked at whether the login is still wanted. */
const LOOK_MS = 500;

/** The first thing that the starting process hears. */
export type FirstWord =
  /** The link to open; `null` when the provider needs none. */
  { readonly link: string | null } | { readonly failure: Failure };

/** The process that started this one, as long as it is there. */
export interface Starter {
  tell(word: FirstWord): void;
  /** Aborted when it has gone without having taken over the ticket: then nobody can ever complete the login. */
  readonly gone: AbortSignal;
}

/**
 * Keeps one started login: runs the provider's part, with the loopback receiver open where it opens one, and hands
 * its outcome to the process that completes it. Returns when that is done, the ticket's time is up, its folder is
 * gone, or the program is to end. Its folder is removed then; what was approved is in memory only.
 *
 * @param id - What the ticket stands for.
 * @returns Whether there was a good record of that name; without one nothing is done, and none is left.
 */
export async function keepLogin(runtime: Runtime, id: string, starter: Starter): Promise<boolean> {
  const pending = await readPending(runtime, id);
  const provider = runtime.registry.providers.find(({ entry }) => entry.id === pending?.provider.id);
  if (pending === undefined || provider === undefined || starter.gone.aborted) {
    await removePending(runtime, id);
    return pending !== undefined && provider !== undefined;
  }
  const remove = (): void => removePendingSync(runtime, id);
  // A provider's code may end the process.
  process.once("exit", remove);
  const end = new AbortController();
  const watch = setInterval(() => void look(runtime, id, pending, end), LOOK_MS);
  const timer = setTimeout(() => end.abort(timeUp(pending)), timeLeft(runtime, pending));
  const signal = AbortSignal.any([runtime.signal, starter.gone, end.signal]);
  try {
    await keep({ ...runtime, signal, cwd: pending.cwd }, { id, pending, provider, starter });
  } finally {
    clearInterval(watch);
    clearTimeout(timer);
    await removePending(runtime, id);
    process.removeListener("exit", remove);
  }
  return true;
}

/** By the clock on the wall: the timers of a machine that was asleep have not struck. */
async function look(
  runtime: Runtime,
  id: string,
  pending: PendingLogin,
  end: AbortController,
): Promise<void> {
  if (timeLeft(runtime, pending) <= 1) end.abort(timeUp(pending));
  else if (!(await readPending(runtime, id))) {
    end.abort(
      new MeshauthError("MESHAUTH_E_TICKET", { why: "It was cancelled: its folder has been removed." }),
    );
  }
}

function timeLeft({ now }: Runtime, { expiresAt }: PendingLogin): number {
  return Math.max(1, Date.parse(expiresAt) - now().getTime());
}

function timeUp({ provider }: PendingLogin): MeshauthError {
  return new MeshauthError("MESHAUTH_E_TIMEOUT", {
    message: "The time of this ticket is up.",
    next: [`meshauth login ${provider.id} --start --timeout 15m --json`],
  });
}

interface Kept {
  readonly id: string;
  readonly pending: PendingLogin;
  readonly provider: InstalledProvider;
  readonly starter: Starter;
}

async function keep(runtime: Runtime, { id, pending, provider, starter }: Kept): Promise<void> {
  const { signal } = runtime;
  const { input } = pending;
  let paste: ((text: string) => string | undefined) | undefined;
  let finishing = false;
  const [link, { resolve: tellLink }] = withResolvers<string | null>();
  const terminal = keeperTerminal({
    begin(view) {
      paste = view.paste;
      tellLink(view.link);
    },
    end() {
      finishing = true;
    },
  });
  const session = openProvider(
    { ...runtime, terminal },
    {
      installed: provider,
      server: input.target.server,
      timeout: timeLeft(runtime, pending),
      browser: { ...input.browser, noBrowser: true, paste: false },
      next: timeUp(pending).next,
    },
  );
  const outcome = obtain(session, pending, provider);
  const counter = new Counter({
    id,
    outcome,
    finishing: () => finishing,
    paste: (text) => (paste ? paste(text) : "This login does not wait for an address."),
  });
  const folder = pendingFolder(runtime, id);
  const server = await listenAt({ folder, id, platform: runtime.platform }, (socket) =>
    counter.serve(socket),
  );
  const aborted = new Promise<"aborted">((resolve) => {
    if (signal.aborted) resolve("aborted");
    signal.addEventListener("abort", () => resolve("aborted"), { once: true });
  });
  // A browser that was answered gets its page, unless the time is up.
  let closing: Promise<void> | undefined;
  try {
    const first = await Promise.race([link, outcome]);
    starter.tell(firstWord(first));
    const decided = await Promise.race([outcome, aborted]);
    if (decided !== "aborted") closing = session.close({ immediate: false });
    // A failure that nobody has heard of is kept for the ticket's time, too.
    await Promise.race([counter.taken, aborted]);
  } finally {
    await removePending(runtime, id);
    // Whoever waits is told the reason before there is an end of it.
    await new Promise((resolve) => setImmediate(resolve));
    counter.close();
    server.close();
    await (signal.aborted ? session.close({ immediate: true }) : closing);
  }
}

function firstWord(first: string | null | Outcome): FirstWord {
  if (first === null || typeof first === "string") return { link: first };
  return first.kind === "failed" ? { failure: first.failure } : { link: null };
}

/** The provider's part. What it hands over is checked here, too: a login that cannot be stored ends at once. */
async function obtain(
  session: ProviderSession,
  { input }: PendingLogin,
  { package: name }: InstalledProvider,
): Promise<Outcome> {
  const { options, force, serverName } = input;
  const request: LoginRequest = { options, force, ...(serverName === undefined ? {} : { serverName }) };
  try {
    const credential = await session.call((provider, host) => provider.login(request, host));
    session.stopClock();
    toStored(credential, name);
    const clockSkew = session.clockSkew();
    const approved = {
      credential,
      warnings: [...session.warnings],
      ...(clockSkew === undefined ? {} : { clockSkew }),
    };
    return { kind: "approved", approved };
  } catch (error) {
    return {
      kind: "failed",
      failure: toFailure(wasEnded(error) ? new MeshauthError("MESHAUTH_E_TICKET") : error),
    };
  }
}

/** That this process was told to end is no news of whoever completes the login being interrupted. */
function wasEnded(error: unknown): boolean {
  return isMeshauthError(error) && error.code === "MESHAUTH_E_INTERRUPTED";
}
