import { flawOfServerName } from "@meshauth/provider-api/format";
import { MeshauthError } from "./errors/error.js";
import { absenceOf, setContextProvider } from "./meshconfig/index.js";
import { nearest } from "./nearest.js";
import type { Runtime, TargetFlags } from "./runtime.js";
import { openServer, resolveTarget, type Target } from "./target.js";
import { printable } from "./text.js";

/** What `config.yaml` says when nobody chose: mesheryctl's own default. */
const DEFAULT_PROVIDER = "Layer5";

/** The provider that a server deployed from a context is told to enforce. No login depends on it. */
export interface ContextProvider {
  readonly context: string;
  readonly provider: string;
  /** Whether the config said something else before. */
  readonly changed: boolean;
}

/**
 * Sets the provider of the context in force, as `mesheryctl system provider set` does.
 *
 * @param name - A key or a name that the Meshery Server lists; with `force` any other too.
 * @throws MeshauthError `MESHAUTH_E_USAGE` for a name that no provider can have, and others.
 */
export async function chooseContextProvider(
  runtime: Runtime,
  flags: TargetFlags,
  { name, force }: { readonly name: string; readonly force: boolean },
): Promise<ContextProvider> {
  const flaw = flawOfServerName(name);
  if (flaw !== undefined) {
    throw new MeshauthError("MESHAUTH_E_USAGE", {
      message: "This is no name of a provider.",
      why: `The name ${flaw}.`,
      next: ["meshauth system provider set --help"],
    });
  }
  const target = await resolveTarget(runtime, flags);
  requireContext(target);
  return await write(runtime, target, force ? name : await listedName(runtime, target, name));
}

/** Sets it back to the default. */
export async function resetContextProvider(runtime: Runtime, flags: TargetFlags): Promise<ContextProvider> {
  return await write(runtime, await resolveTarget(runtime, flags), DEFAULT_PROVIDER);
}

async function write({ signal }: Runtime, target: Target, provider: string): Promise<ContextProvider> {
  const { name: context } = requireContext(target);
  return { context, provider, changed: await setContextProvider(target.config, context, provider, signal) };
}

function requireContext({ context, config }: Target): NonNullable<Target["context"]> {
  if (context) return context;
  throw new MeshauthError("MESHAUTH_E_CONFIG", {
    message: "There is no context whose provider could be set.",
    why: config.exists ? "config.yaml names no current context." : `${absenceOf(config)}.`,
    next: ["mesheryctl system context create NAME --set"],
  });
}

async function listedName(runtime: Runtime, { config }: Target, typed: string): Promise<string> {
  const answer = await openServer(runtime, config.server).providers();
  if (answer.kind !== "ok") {
    throw new MeshauthError("MESHAUTH_E_NETWORK", {
      message: `It cannot be checked whether the Meshery Server knows "${printable(typed, 60)}".`,
      why: answer.message,
      next: ["Run the same command with --force to set it all the same."],
    });
  }
  const names = answer.value.flatMap(({ key, name }) => [key, name]);
  const wanted = typed.toLowerCase();
  const found = names.find((name) => name.toLowerCase() === wanted);
  if (found !== undefined) return found;
  const near = nearest(typed, names);
  throw new MeshauthError("MESHAUTH_E_UNKNOWN_PROVIDER", {
    message: `The Meshery Server lists no provider "${printable(typed, 60)}".`,
    why: `It lists ${[...new Set(names)].map((name) => printable(name, 40)).join(", ")}.`,
    next: [`meshauth system provider set ${near ?? "NAME"}`],
  });
}
