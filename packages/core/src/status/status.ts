import { type AuthStore, type CredentialState, type Details, isStoreError } from "@meshauth/auth-store";
import type { Account } from "@meshauth/provider-api";
import { inspectToken } from "@meshauth/provider-api/format";
import { EXIT, type ExitCode } from "../errors/table.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { type Standing, standingOf, standingOfToken } from "../standing.js";
import { disagreement, openServer, openStore, resolveTarget, type Target } from "../target.js";
import { printable } from "../text.js";
import { askServer, type ServerVerdict } from "./verdict.js";

/** One context's credential. */
export interface ContextStatus {
  /** Null where there is no config file, or it names no context. */
  readonly name: string | null;
  readonly state: Standing;
  /** The provider name that the credential carries. */
  readonly provider: string | null;
  /** The account that was confirmed when the credential was stored by meshauth, and is still the one in the file. */
  readonly account: Account | null;
  /** RFC 3339, or null when the credential does not end. */
  readonly expiresAt: string | null;
  readonly refreshable: boolean;
  readonly file: string;
  /** Where the credential in force comes from: the file, or `MESHERY_API_TOKEN`. */
  readonly source: "file" | "environment";
  /** Why the file cannot be used, in a sentence. */
  readonly problem?: string;
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
}

const USABLE: readonly Standing[] = ["valid", "refreshable", "local"];

/** A context's credential as it was found, with what does not leave in the report. */
interface Finding {
  readonly status: ContextStatus;
  /** Secret. */
  readonly token: string;
  /** What is odd about a file that can be used all the same. */
  readonly oddities: readonly string[];
}

/** Says who is signed in where, offline unless `check` is set. Touches no file. */
export async function status(runtime: Runtime, flags: TargetFlags, check = false): Promise<StatusResult> {
  const target = await resolveTarget(runtime, flags);
  const { config } = target;
  const { status: offline, token, oddities } = await currentStatus(runtime, target);
  const current = check ? await withVerdict(runtime, target, offline, token) : offline;
  const others: ContextStatus[] = [];
  for (const { name, credentialFile } of config.contexts) {
    if (name === config.currentContext) continue;
    const { status: other } = await fileStatus(runtime, name, openStore(runtime, credentialFile));
    if (other.state !== "logged-out") others.push(other);
  }
  return {
    report: { current: current.name, contexts: [current, ...others] },
    exit: exitOf(current),
    warnings: [...disagreement(target.context), ...oddities],
  };
}

function exitOf({ state, problem, server }: ContextStatus): ExitCode {
  if (state === "damaged" || problem !== undefined) return EXIT.storage;
  return USABLE.includes(state) && server?.accepts !== false ? EXIT.done : EXIT.notAuthenticated;
}

async function currentStatus(runtime: Runtime, { config, store }: Target): Promise<Finding> {
  const name = config.currentContext ?? null;
  const token = runtime.env["MESHERY_API_TOKEN"];
  return token ? environmentStatus(runtime, name, store.file, token) : await fileStatus(runtime, name, store);
}

async function withVerdict(
  runtime: Runtime,
  { config }: Target,
  offline: ContextStatus,
  token: string,
): Promise<ContextStatus> {
  if (offline.provider === null) return offline;
  const held = { serverName: offline.provider, token };
  return { ...offline, server: await askServer(openServer(runtime, config.server), held) };
}

/** A token from the environment wins over the file. */
function environmentStatus(runtime: Runtime, name: string | null, file: string, token: string): Finding {
  runtime.secrets.add(token);
  const { expiresAt, refreshable } = inspectToken(token);
  const provider = runtime.env["MESHERY_PROVIDER"];
  const status: ContextStatus = {
    name,
    state: standingOfToken(token, runtime.now()),
    provider: provider ? printable(provider) : null,
    account: null,
    expiresAt: expiresAt?.toISOString() ?? null,
    refreshable,
    file,
    source: "environment",
  };
  return { status, token, oddities: [] };
}

async function fileStatus(runtime: Runtime, name: string | null, store: AuthStore): Promise<Finding> {
  const { file } = store;
  try {
    return describe(runtime, name, file, await store.read(), await store.details());
  } catch (error) {
    if (!isStoreError(error)) throw error;
    const empty = { provider: null, account: null, expiresAt: null, refreshable: false };
    const problem = `${error.message} ${error.why}`;
    return {
      status: { name, state: "unknown", ...empty, file, source: "file", problem },
      token: "",
      oddities: [],
    };
  }
}

function describe(
  runtime: Runtime,
  name: string | null,
  file: string,
  current: CredentialState,
  details: Details | undefined,
): Finding {
  const { serverName, token = "" } = current.state === "present" ? current : {};
  runtime.secrets.add(token);
  const { expiresAt, refreshable } = inspectToken(token);
  const status: ContextStatus = {
    name,
    state: standingOf(current, runtime.now(), details),
    provider: serverName ? printable(serverName) : null,
    account: details?.account ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
    refreshable,
    file,
    source: "file",
    ...(current.state === "damaged" ? { problem: printable(current.reason) } : {}),
  };
  return { status, token, oddities: current.warnings.map(({ message }) => message) };
}
