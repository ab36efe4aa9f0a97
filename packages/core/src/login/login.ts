import type { Credential, Host, LoginRequest, OptionValues } from "@meshauth/provider-api";
import { environmentToken, providerTime } from "../credential/held.js";
import { isMeshauthError, MeshauthError } from "../errors/error.js";
import type { BrowserFlags } from "../host/options.js";
import type { MeshContext } from "../meshconfig/index.js";
import { admit, openProvider, type ProviderSession } from "../provider-session.js";
import type { InstalledProvider } from "../registry/index.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { standingOfToken } from "../standing.js";
import { type StoredCredential, toStored } from "../stored-credential.js";
import { resolveTarget, type Target } from "../target.js";
import { withTimeLimit } from "../time-limit.js";
import { sweepPending } from "../two-step/pending.js";
import { againOf, toldOf } from "./again.js";
import { findNeighbours, openDestination, ownDestination } from "./destination.js";
import {
  guardReplacement,
  QUESTION_LIMIT_MS,
  replacedForOthers,
  type SharedFile,
  signedInSoFar,
} from "./replacement.js";
import { detailsOf, type LoginReport, reportOf, warningsOf } from "./report.js";
import { save } from "./save.js";
import { settle, warningsOfOld } from "./settle.js";
import { type Identity, identify, unconfirmed, type VerifyInput, warningOf } from "./verify.js";

const LONGEST_TOKEN = 64 * 1024;

const OVERRIDDEN = "MESHERY_API_TOKEN is set, and wins over this login until you unset it.";

/** What a provider handed over in another process, which did not store it. */
export interface Approved {
  readonly credential: Credential;
  /** What the provider warned of. */
  readonly warnings: readonly string[];
  /** Milliseconds by which the provider's clock is ahead, where it is known. */
  readonly clockSkew?: number;
}

/** What was asked for on the command line. */
export interface LoginInput {
  readonly target: TargetFlags;
  readonly provider: InstalledProvider;
  readonly options: OptionValues;
  readonly browser: BrowserFlags;
  /** The server's provider name that was typed instead of a provider id. */
  readonly serverName?: string;
  /** Milliseconds for the whole login. */
  readonly timeout: number;
  readonly force: boolean;
  /** An account id or e-mail address; another account fails the login. */
  readonly expectAccount?: string;
  readonly skipVerify: boolean;
  /** Take the token from standard input. */
  readonly tokenStdin: boolean;
  /** Write to a file that no other context uses, and have `config.yaml` say so. */
  readonly ownFile: boolean;
  /** The name of the saved settings that were asked for, where the options are theirs. */
  readonly savedSettings?: string;
  /** What was typed behind the name of the program: `login`, the provider and the flags, but those about output. */
  readonly words: readonly string[];
  /** The credential is there already: the provider is not asked to obtain one. */
  readonly approved?: Approved;
}

/**
 * Signs in with a provider: finds the file and proves that it can be written, lets the provider obtain a
 * credential, checks it and asks whose it is, writes it under the lock and reports. Until the whole result
 * is known to be good, the file stays as it was.
 *
 * @throws MeshauthError
 */
export async function login(runtime: Runtime, input: LoginInput): Promise<LoginReport> {
  const { provider, force, approved } = input;
  await sweepPending(runtime);
  // Before the clock starts: a person may want to think about it.
  await admit(runtime, provider, { ask: true });
  const target = await resolveTarget(runtime, input.target);
  const neighbours = await findNeighbours(runtime, target);
  const present = await withTimeLimit(runtime.signal, input.timeout, (signal) =>
    openDestination(runtime, target, { ownFile: input.ownFile, neighbours }, signal),
  );
  const { before } = present;
  if (before.state.state === "present") runtime.secrets.add(before.state.token ?? "");
  const soFar = approved ? undefined : signedInSoFar(before, runtime.now());
  if (soFar !== undefined) runtime.terminal.notify({ kind: "plain", message: soFar });
  const session = openProvider(runtime, {
    ...input,
    installed: provider,
    server: target.config.server,
    told: toldOf(input),
  });
  try {
    const request = await loginRequest(input, session.host);
    const { fresh, credential } = await obtain(runtime, session, input, request);
    session.stopClock();
    const identity = await verify(session, { ...input, credential, fresh });
    const { account } = identity;
    const shared = present.own ? undefined : sharedFile(target, neighbours);
    const replacement = { before, fresh, account, force, words: input.words, shared };
    const choice = await withTimeLimit(runtime.signal, QUESTION_LIMIT_MS, (signal) =>
      guardReplacement(runtime, replacement, signal),
    );
    const destination = choice === "own-file" ? await ownDestination(runtime, target) : present;
    const outcome = { provider, credential, fresh, identity };
    const details = {
      ...detailsOf(outcome, runtime.now(), session.clockSkew() ?? approved?.clockSkew),
      ...againOf(input),
    };
    const committed = await save(runtime, destination.store, {
      ...replacement,
      before: destination.before,
      details,
    });
    const { file } = committed;
    const late = [
      ...(identity.trouble === undefined ? [] : [warningOf(identity.trouble)]),
      ...replacedForOthers(replacement, runtime.now()),
      ...warningsOfOld(destination.before.state),
      ...warningsOf(committed),
      ...(environmentToken(runtime.env) ? [OVERRIDDEN] : []),
      ...(await settle(runtime, session, { target, request, destination, file })),
    ];
    for (const message of late) runtime.terminal.notify({ kind: "warning", message });
    return reportOf(outcome, target, {
      file,
      warnings: [...(approved?.warnings ?? []), ...session.warnings, ...late],
    });
  } finally {
    // A browser that was answered gets its page, unless the person or the clock ended it all.
    await session.close({ immediate: session.host.signal.aborted });
  }
}

/** The other contexts that use the file of the context in force. */
function sharedFile({ context }: Target, neighbours: readonly MeshContext[]): SharedFile | undefined {
  if (context === undefined) return undefined;
  const others = neighbours.map(({ name }) => name);
  return others.length === 0 ? undefined : { context: context.name, others };
}

/** An approved login is not lost to a provider that takes too long over whose it is. */
async function verify(session: ProviderSession, input: VerifyInput): Promise<Identity> {
  try {
    return await session.call((provider, host) => identify(provider, host, input));
  } catch (error) {
    if (!isMeshauthError(error) || error.code !== "MESHAUTH_E_TIMEOUT") throw error;
    return unconfirmed({ why: "There was no answer in time.", next: [] }, input.expectAccount);
  }
}

async function loginRequest(input: LoginInput, host: Host): Promise<LoginRequest> {
  const { options, force, serverName } = input;
  const token = input.tokenStdin ? await readToken(host) : undefined;
  return {
    options,
    force,
    ...(serverName === undefined ? {} : { serverName }),
    ...(token === undefined ? {} : { token }),
  };
}

async function readToken(host: Host): Promise<string> {
  const token = Buffer.from(await host.readStdin(LONGEST_TOKEN))
    .toString("utf8")
    .trim();
  host.secret(token);
  if (token !== "") return token;
  throw new MeshauthError("MESHAUTH_E_IMPORT", {
    message: "Standard input holds no token.",
    why: "It was empty.",
  });
}

/** The provider's part. Its result is checked; nothing is locked meanwhile. */
async function obtain(
  runtime: Runtime,
  session: ProviderSession,
  input: LoginInput,
  request: LoginRequest,
): Promise<{ credential: Credential; fresh: StoredCredential }> {
  const { approved } = input;
  const credential =
    approved?.credential ?? (await session.call((provider, host) => provider.login(request, host)));
  const fresh = toStored(credential, input.provider.package);
  runtime.secrets.add(fresh.token);
  const clockSkew = session.clockSkew() ?? approved?.clockSkew;
  const clock = providerTime(runtime.now(), clockSkew === undefined ? undefined : { clockSkew });
  if (!input.force && standingOfToken(fresh.token, clock) === "expired") {
    throw new MeshauthError("MESHAUTH_E_EXPIRED", {
      next: ["Get a new token, or give --force to store this one."],
    });
  }
  return { credential, fresh };
}
