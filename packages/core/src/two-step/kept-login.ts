import type { LoginRequest } from "@meshauth/provider-api";
import { isMeshauthError, MeshauthError } from "../errors/error.js";
import { openProvider, type ProviderSession } from "../provider-session.js";
import type { InstalledProvider } from "../registry/index.js";
import type { Runtime } from "../runtime.js";
import { toStored } from "../stored-credential.js";
import { withResolvers } from "../with-resolvers.js";
import { listenAt } from "./channel.js";
import { nameOf } from "./commands.js";
import { Counter } from "./counter.js";
import { keeperTerminal } from "./keeper-terminal.js";
import { type Outcome, toFailure } from "./messages.js";
import { type PendingLogin, pendingFolder, removePending } from "./pending.js";
import type { FirstWord, Invitation, Starter } from "./starter.js";

/** A login to keep. */
interface Kept {
  /** What its ticket stands for. */
  readonly id: string;
  readonly pending: PendingLogin;
  readonly provider: InstalledProvider;
  readonly starter: Starter;
  /** Milliseconds to the end of the ticket. */
  readonly timeout: number;
  /** What to do when the time is up. */
  readonly next: readonly string[];
}

/**
 * Runs a login until a process is done with its outcome, or the signal is aborted; nothing is left of it then.
 * The starting process hears of its link.
 */
export async function runKept(runtime: Runtime, kept: Kept): Promise<void> {
  const { signal } = runtime;
  const { id, starter } = kept;
  const { session, invitation, outcome, answeredAt, paste } = openKept(runtime, kept);
  const counter = new Counter({ id, outcome, answeredAt, paste });
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
    const first = await Promise.race([invitation, outcome]);
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

/** Begins the provider's part. Link and code are those of its first wait. */
function openKept(runtime: Runtime, { pending, provider, timeout, next }: Kept) {
  const { input } = pending;
  let take: ((text: string) => string | undefined) | undefined;
  let answered: number | undefined;
  const [invitation, { resolve: invite }] = withResolvers<Invitation>();
  const answer = (): void => {
    answered ??= performance.now();
  };
  const terminal = keeperTerminal(nameOf(pending), {
    begin(view) {
      take = view.paste;
      answered = undefined;
      invite({ link: view.link, code: view.code ?? null });
    },
    end: answer,
  });
  const session = openProvider(
    { ...runtime, terminal },
    {
      installed: provider,
      server: input.target.server,
      timeout,
      browser: { ...input.browser, elsewhere: true, paste: false },
      next,
    },
  );
  return {
    session,
    invitation,
    outcome: obtain(session, pending, provider),
    answeredAt: () => answered,
    paste(text: string): string | undefined {
      if (take === undefined) return "This login does not wait for an address.";
      const refusal = take(text);
      if (refusal === undefined) answer();
      return refusal;
    },
  };
}

function firstWord(first: Invitation | Outcome): FirstWord {
  if ("link" in first) return first;
  return first.kind === "failed" ? { failure: first.failure } : { link: null, code: null };
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
