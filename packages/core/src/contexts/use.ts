import { shellWord } from "@meshauth/provider-api";
import { environmentToken } from "../credential/held.js";
import { loginAgain } from "../login/again.js";
import { matchName, setCurrentContext } from "../meshconfig/index.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import type { Standing } from "../standing.js";
import { disagreement } from "../target.js";
import { printable } from "../text.js";
import { inspectContexts, noContext, requireContext } from "./find.js";
import { OVERRIDDEN } from "./list.js";
import { type ContextRow, type DescribedContext, describeContexts } from "./row.js";

/** The document of `context use --json`. */
export interface ContextUse {
  /** The context that is current now, spelled as in the config. */
  readonly context: string;
  /** Whether `config.yaml` named another one before, or none. */
  readonly changed: boolean;
  /** The context that `MESHERY_CONTEXT` names, and that wins over this one; null when none does. */
  readonly overriddenBy: string | null;
  readonly endpoint: string | null;
  readonly state: Standing;
  /** The provider name that the credential carries. */
  readonly provider: string | null;
  readonly account: ContextRow["account"];
  readonly expiresAt: string | null;
  readonly refreshable: boolean;
  readonly file: string;
  readonly warnings: readonly string[];
  /** The command to go on with. */
  readonly next: string;
}

/**
 * Makes a context the current one in `config.yaml`, whatever stands there now, and looks at its login. Nothing
 * else is changed: no deployment is stopped or started.
 *
 * @param typed - The name, in any case.
 * @throws MeshauthError `MESHAUTH_E_UNKNOWN_CONTEXT`; `MESHAUTH_E_CONFIG`, `MESHAUTH_E_LOCKED`, `MESHAUTH_E_UNSAFE`,
 *   `MESHAUTH_E_ROOT` when the config cannot be changed.
 */
export async function useContext(
  runtime: Runtime,
  { config: file }: Pick<TargetFlags, "config">,
  typed: string,
): Promise<ContextUse> {
  const { config } = await inspectContexts(runtime, file === undefined ? {} : { config: file });
  const context = requireContext(config, typed, "meshauth context use");
  const [found] = await describeContexts(runtime, config, [context]);
  if (found === undefined) throw noContext(config);
  const changed = await setCurrentContext(config, context.name, runtime.signal);
  const { state, provider, account, expiresAt, refreshable, endpoint, file: auth } = found.row;
  const overriddenBy = winner(
    runtime,
    config.contexts.map(({ name }) => name),
    context.name,
  );
  const flags = [
    ...(overriddenBy === undefined ? [] : [`--context ${shellWord(context.name)}`]),
    ...(file === undefined ? [] : [`--config ${shellWord(file)}`]),
  ];
  return {
    context: context.name,
    changed,
    overriddenBy: overriddenBy ?? null,
    endpoint,
    state,
    provider,
    account,
    expiresAt,
    refreshable,
    file: auth,
    warnings: [
      ...(overriddenBy === undefined
        ? []
        : [`MESHERY_CONTEXT names "${printable(overriddenBy, 60)}", and wins until you unset it.`]),
      ...(environmentToken(runtime.env) ? [OVERRIDDEN] : []),
      ...disagreement(context),
      ...found.oddities,
    ],
    next: [nextOf(found), ...flags].join(" "),
  };
}

/** The context that the environment asks for, if it is another one. */
function winner({ env }: Runtime, names: readonly string[], name: string): string | undefined {
  const variable = env["MESHERY_CONTEXT"]?.trim();
  if (!variable) return undefined;
  const asked = matchName(variable, names) ?? variable;
  return asked === name ? undefined : asked;
}

function nextOf({ row: { state, problem }, details }: DescribedContext): string {
  const works = state === "valid" || state === "refreshable" || state === "local";
  return works || problem !== undefined || state === "damaged" ? "meshauth check" : loginAgain(details);
}
