import { environmentToken } from "../credential/held.js";
import { absenceOf } from "../meshconfig/index.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { printable } from "../text.js";
import { inspectContexts } from "./find.js";
import { type ContextProblem, type ContextRow, describeContexts, problemsOf } from "./row.js";

/** The document of `context list --json`. */
export interface ContextList {
  /** The context in force; null when there is none. */
  readonly current: string | null;
  /** In the order of `config.yaml`. */
  readonly contexts: readonly ContextRow[];
  readonly problems: readonly ContextProblem[];
}

/** What `context list` found, with lines for people. */
export interface ContextListResult {
  readonly list: ContextList;
  readonly notes: readonly string[];
}

/** A line for whoever looks at files while the environment's token is what counts. */
export const OVERRIDDEN = "MESHERY_API_TOKEN is set and wins over the file.";

/**
 * Lists the contexts of `config.yaml` with the state of their credentials, offline. Touches no file. A current
 * context that does not exist is a problem among others.
 *
 * @throws MeshauthError `MESHAUTH_E_CONFIG` for a file that is no config, `MESHAUTH_E_UNKNOWN_CONTEXT` for
 *   `--context`.
 */
export async function listContexts(runtime: Runtime, flags: TargetFlags): Promise<ContextListResult> {
  const { config, store } = await inspectContexts(runtime, flags);
  const found = await describeContexts(runtime, config);
  const notes: string[] = [];
  if (found.length === 0) {
    const none = config.exists
      ? `${printable(config.file, 500)} has no contexts`
      : `${absenceOf(config)}, so there are no contexts`;
    notes.push(
      `${none}: the credential is in ${printable(store.file, 500)}, the Meshery Server is ${config.server}.`,
    );
  }
  if (environmentToken(runtime.env)) notes.push(OVERRIDDEN);
  return {
    list: {
      current: config.currentContext ?? null,
      contexts: found.map(({ row }) => row),
      problems: problemsOf(config),
    },
    notes,
  };
}
