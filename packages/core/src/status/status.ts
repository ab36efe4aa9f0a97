import type { AuthStore } from "@meshauth/auth-store";
import { inspectToken } from "@meshauth/provider-api/format";
import { environmentCredential } from "../credential/held.js";
import { EXIT, type ExitCode } from "../errors/exit.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { type Standing, standingOfToken } from "../standing.js";
import { disagreement, openServer, openStore, resolveTarget, type Target } from "../target.js";
import { printable } from "../text.js";
import { type FileFacts, type Finding, findingOf } from "./finding.js";
import { askServer, type ServerVerdict } from "./verdict.js";

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
}

const USABLE: readonly Standing[] = ["valid", "refreshable", "local"];

/** The credential in force of a context. */
interface InForce extends Omit<Finding, "facts"> {
  readonly status: ContextStatus;
}

/** Says who is signed in where, offline unless `check` is set. Touches no file. */
export async function status(runtime: Runtime, flags: TargetFlags, check = false): Promise<StatusResult> {
  const target = await resolveTarget(runtime, flags);
  const { config } = target;
  const inForce = await currentStatus(runtime, target);
  const { status: offline, oddities } = inForce;
  const current = check ? await withVerdict(runtime, target, inForce) : offline;
  const others = await Promise.all(
    config.contexts
      .filter(({ name }) => name !== config.currentContext)
      .map(async ({ name, credentialFile }) => fileStatus(runtime, name, openStore(runtime, credentialFile))),
  );
  const signedIn = others.map((other) => other.status).filter(({ state }) => state !== "logged-out");
  return {
    report: { current: current.name, contexts: [current, ...signedIn] },
    exit: exitOf(current),
    warnings: [...disagreement(target.context), ...oddities],
  };
}

function exitOf({ state, problem, server }: ContextStatus): ExitCode {
  if (state === "damaged" || problem !== undefined) return EXIT.storage;
  return USABLE.includes(state) && server?.accepts !== false ? EXIT.done : EXIT.notAuthenticated;
}

async function currentStatus(runtime: Runtime, { config, store }: Target): Promise<InForce> {
  const name = config.currentContext ?? null;
  const given = environmentCredential(runtime);
  return given ? environmentStatus(runtime, name, store.file, given) : await fileStatus(runtime, name, store);
}

async function withVerdict(
  runtime: Runtime,
  { config }: Target,
  { status: offline, token, details }: InForce,
): Promise<ContextStatus> {
  const { provider, source } = offline;
  if (provider === null && source === "file") return offline;
  const server = openServer(runtime, config.server);
  const verdict = await askServer(server, { ...offline, token, details, now: runtime.now() });
  return { ...offline, server: verdict };
}

/** A token from the environment wins over the file. */
function environmentStatus(
  runtime: Runtime,
  name: string | null,
  file: string,
  { token, serverName }: NonNullable<ReturnType<typeof environmentCredential>>,
): InForce {
  runtime.secrets.add(token);
  const { expiresAt } = inspectToken(token);
  const standing = standingOfToken(token, runtime.now());
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

async function fileStatus(runtime: Runtime, name: string | null, store: AuthStore): Promise<InForce> {
  const { facts, ...others } = await findingOf(runtime, store);
  return { status: { name, ...facts, source: "file" }, ...others };
}
