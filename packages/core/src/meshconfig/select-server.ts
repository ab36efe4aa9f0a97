import type { ResolvedContext } from "./contexts.js";
import { type Draft, softened } from "./drafts.js";
import { DEFAULT_SERVER, serverAddress } from "./server-address.js";
import type { Meshconfig, MeshconfigInput } from "./types.js";

export interface SelectedServer {
  readonly address: string;
  readonly source: Meshconfig["serverSource"];
  readonly problem?: Draft;
}

/** Decides which server is meant. An address that was given and cannot be one is never passed over for another. */
export function selectServer(
  { flags, env }: Pick<MeshconfigInput, "flags" | "env">,
  current: ResolvedContext | undefined,
): SelectedServer {
  if (flags.server !== undefined) return given(flags.server, "--server", "flag", current);
  const variable = env["MESHERY_SERVER_URL"]?.trim();
  if (variable) return given(variable, "MESHERY_SERVER_URL", "environment", current);
  if (current?.serverProblem) {
    return { address: DEFAULT_SERVER, source: "context", problem: current.serverProblem };
  }
  return current?.server === undefined
    ? { address: DEFAULT_SERVER, source: "default" }
    : { address: current.server, source: "context" };
}

function given(
  text: string,
  by: string,
  source: SelectedServer["source"],
  current: ResolvedContext | undefined,
): SelectedServer {
  const verdict = serverAddress(text.trim());
  if (verdict.kind === "address") {
    const problem = current?.serverProblem && softened(current.serverProblem);
    return { address: verdict.address, source, ...(problem ? { problem } : {}) };
  }
  return {
    address: DEFAULT_SERVER,
    source,
    problem: {
      about: "server",
      fatal: "MESHAUTH_E_USAGE",
      elsewhere: true,
      text: `The address in ${by} ${verdict.reason}.`,
      next: `${by}${by.startsWith("--") ? " " : "="}${DEFAULT_SERVER}`,
    },
  };
}
