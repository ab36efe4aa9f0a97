import { inspectToken } from "@meshauth/provider-api/format";
import { environmentCredential } from "../credential/held.js";
import { EXIT, type ExitCode } from "../errors/exit.js";
import { type CredentialFile, disagreement, type Located } from "../locate.js";
import { loginAgain } from "../login/again.js";
import type { Runtime } from "../runtime.js";
import { type Standing, standingOfToken } from "../standing.js";
import { printable } from "../text.js";
import { type FileFacts, type Finding, findingOf, type Judge } from "./finding.js";
import type { ServerVerdict } from "./verdict.js";

/** One context's credential. */
export interface ContextStatus extends FileFacts {
  /** Null where there is no config file, or it names no context. */
  readonly name: string | null;
  /** Where the credential in force comes from: the file, or `MESHERY_API_TOKEN`. */
  readonly source: "file" | "environment";
  /** What the Meshery Server says of it; only with `--check`, only for the current context. */
  readonly server?: ServerVerdict;
}

/** The document of `status --json`. */
export interface StatusReport {
  readonly current: string | null;
  /** The current context first, then every other that has a credential. */
  readonly contexts: readonly ContextStatus[];
}

/** What `status` found, and the exit code that says whether the current context can be used. */
export interface StatusResult {
  readonly report: StatusReport;
  readonly exit: ExitCode;
  readonly warnings: readonly string[];
  /** The command that signs in for the current context. */
  readonly login: string;
}

const USABLE: readonly Standing[] = ["valid", "refreshable", "local"];

/** The credential in force of a context. */
export interface InForce extends Omit<Finding, "facts"> {
  readonly status: ContextStatus;
}

/** What it takes to tell who is signed in where, offline. */
export interface Offline extends Judge, Pick<Runtime, "env" | "registry"> {
  /** Makes what reads a credential file. */
  open(file: string): CredentialFile;
}

/**
 * Says who is signed in where, without asking a server unless `verdictOn` does. Touches no file.
 *
 * @param verdictOn - Adds what else there is to say of the current context.
 */
export async function statusOf(
  offline: Offline,
  target: Located<CredentialFile>,
  verdictOn: (current: InForce) => Promise<ContextStatus> = async ({ status }) => status,
): Promise<StatusResult> {
  const { config } = target;
  const inForce = await currentStatus(offline, target);
  const current = await verdictOn(inForce);
  const others = await Promise.all(
    config.contexts
      .filter(({ name }) => name !== config.currentContext)
      .map(async ({ name, credentialFile }) => fileStatus(offline, name, offline.open(credentialFile))),
  );
  const signedIn = others.map((other) => other.status).filter(({ state }) => state !== "logged-out");
  return {
    report: { current: current.name, contexts: [current, ...signedIn] },
    exit: exitOf(current),
    warnings: [...disagreement(target.context), ...inForce.oddities],
    login: loginAgain(inForce.details),
  };
}

function exitOf({ state, problem, server }: ContextStatus): ExitCode {
  if (state === "damaged" || problem !== undefined) return EXIT.storage;
  return USABLE.includes(state) && server?.accepts !== false ? EXIT.done : EXIT.notAuthenticated;
}

async function currentStatus(offline: Offline, { config, store }: Located<CredentialFile>): Promise<InForce> {
  const name = config.currentContext ?? null;
  const given = environmentCredential(offline);
  return given ? environmentStatus(offline, name, store.file, given) : await fileStatus(offline, name, store);
}

/** A token from the environment wins over the file. */
function environmentStatus(
  { secrets, now }: Judge,
  name: string | null,
  file: string,
  { token, serverName }: NonNullable<ReturnType<typeof environmentCredential>>,
): InForce {
  secrets.add(token);
  const { expiresAt } = inspectToken(token);
  const standing = standingOfToken(token, now());
  const status: ContextStatus = {
    name,
    // It is never renewed, since that could not be saved.
    state: standing === "refreshable" ? "expired" : standing,
    provider: serverName ? printable(serverName) : null,
    account: null,
    expiresAt: expiresAt?.toISOString() ?? null,
    refreshable: false,
    file,
    source: "environment",
  };
  return { status, token, details: undefined, oddities: [] };
}

async function fileStatus(offline: Offline, name: string | null, store: CredentialFile): Promise<InForce> {
  const { facts, ...others } = await findingOf(offline, store);
  return { status: { name, ...facts, source: "file" }, ...others };
}
