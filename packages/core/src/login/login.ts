import type { CommitResult, Details } from "@meshauth/auth-store";
import type { Account, Credential, Host, LoginRequest, OptionValues } from "@meshauth/provider-api";
import { inspectToken } from "@meshauth/provider-api/format";
import { MeshauthError, toMeshauthError } from "../errors/error.js";
import type { BrowserFlags } from "../host/options.js";
import { addTokenEntry } from "../meshconfig/index.js";
import { openProvider, type ProviderSession } from "../provider-session.js";
import type { InstalledProvider } from "../registry/index.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { standingOfToken } from "../standing.js";
import { type StoredCredential, toStored } from "../stored-credential.js";
import { resolveTarget, type Target } from "../target.js";
import { type Before, guardReplacement } from "./replacement.js";
import { save } from "./save.js";
import { type Identity, identify } from "./verify.js";

const LONGEST_TOKEN = 64 * 1024;

/** What a file may suffer from that is gone when it has been replaced. */
const MENDED: ReadonlySet<string> = new Set(["mode", "bom", "duplicate-key", "ignored-key", "hard-link"]);

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
}

/** What a login reports; the document of `--json`. */
export interface LoginReport {
  readonly provider: {
    readonly id: string;
    readonly name: string;
    readonly package: string;
    readonly version: string;
  };
  readonly account: Account | null;
  /** Whether the provider or the server confirmed the account. */
  readonly verified: boolean;
  readonly context: string | null;
  readonly server: string;
  readonly file: string;
  /** RFC 3339, or null when the credential does not end. */
  readonly expiresAt: string | null;
  readonly refreshable: boolean;
  readonly warnings: readonly string[];
}

/**
 * One login: resolve the file and prove that it can be written, let the provider obtain the credential,
 * check it, ask who it is, write it under the lock and report. Nothing is written before the whole result
 * is known to be good.
 *
 * @throws MeshauthError
 */
export async function login(runtime: Runtime, input: LoginInput): Promise<LoginReport> {
  const { force } = input;
  const target = await resolveTarget(runtime, input.target);
  const { store } = target;
  await store.prepare(runtime.signal);
  const before: Before = { state: await store.read(), details: await store.details() };
  const session = openProvider(runtime, {
    ...input,
    installed: input.provider,
    server: target.config.server,
  });
  try {
    const request = await loginRequest(input, session.host);
    const { fresh, credential } = await obtain(runtime, session, input, request);
    const identity = await session.call((provider, host) =>
      identify(provider, host, { ...input, credential, fresh }),
    );
    const { account } = identity;
    await guardReplacement(runtime, { before, fresh, account, force }, session.host.signal);
    session.stopClock();
    const details = detailsOf(runtime, input, { credential, fresh, identity });
    const committed = await save(runtime, store, { before, fresh, details, force });
    const late = [
      ...(identity.warning === undefined ? [] : [identity.warning]),
      ...before.state.warnings.filter(({ code }) => !MENDED.has(code)).map(({ message }) => message),
      ...warningsOf(committed),
      ...(await settle(session, request, target)),
    ];
    for (const message of late) runtime.terminal.notify({ kind: "warning", message });
    const warnings = [...session.warnings, ...late];
    return reportOf(input, target, { fresh, identity, file: committed.file, warnings });
  } finally {
    // A browser that was answered gets its page, unless the person or the clock ended it all.
    await session.close({ immediate: session.host.signal.aborted });
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
  const credential = await session.call((provider, host) => provider.login(request, host));
  const fresh = toStored(credential, input.provider.package);
  runtime.secrets.add(fresh.token);
  if (!input.force && standingOfToken(fresh.token, runtime.now()) === "expired") {
    throw new MeshauthError("MESHAUTH_E_EXPIRED", {
      next: ["Get a new token, or give --force to store this one."],
    });
  }
  return { credential, fresh };
}

/** What is left to do once the credential is stored. A failure here is a warning: the login stands. */
async function settle(
  session: ProviderSession,
  request: LoginRequest,
  { config, context }: Target,
): Promise<string[]> {
  const tasks = [
    () => session.call(async (provider, host) => provider.saved?.(request, host)),
    async () => (context ? addTokenEntry(config, context) : undefined),
  ];
  const warnings: string[] = [];
  for (const task of tasks) {
    try {
      await task();
    } catch (error) {
      const { message, why } = toMeshauthError(error);
      warnings.push(`${message} ${why}`);
    }
  }
  return warnings;
}

interface Obtained {
  readonly credential: Credential;
  readonly fresh: StoredCredential;
  readonly identity: Identity;
}

function detailsOf(
  runtime: Runtime,
  { provider }: LoginInput,
  { credential, fresh, identity }: Obtained,
): Details {
  const { expiresAt } = inspectToken(fresh.token);
  return {
    provider: { id: provider.entry.id, package: provider.package, version: provider.version },
    account: identity.account,
    verified: identity.verified,
    savedAt: runtime.now().toISOString(),
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
    ...(credential.origin === undefined ? {} : { providerUrl: credential.origin }),
  };
}

function warningsOf({ damagedCopy, durable }: CommitResult): string[] {
  return [
    ...(damagedCopy === undefined
      ? []
      : [`The file was damaged before; what it held is kept in ${damagedCopy}.`]),
    ...(durable ? [] : ["The file is saved, but the disk did not confirm that it will survive a power cut."]),
  ];
}

function reportOf(
  { provider }: LoginInput,
  { config }: Target,
  {
    fresh,
    identity,
    file,
    warnings,
  }: Pick<Obtained, "fresh" | "identity"> & { file: string; warnings: string[] },
): LoginReport {
  const { expiresAt, refreshable } = inspectToken(fresh.token);
  return {
    provider: {
      id: provider.entry.id,
      name: fresh.serverName,
      package: provider.package,
      version: provider.version,
    },
    account: identity.account,
    verified: identity.verified,
    context: config.currentContext ?? null,
    server: config.server,
    file,
    expiresAt: expiresAt?.toISOString() ?? null,
    refreshable,
    warnings: [...new Set(warnings)],
  };
}
