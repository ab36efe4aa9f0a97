import { environmentToken } from "../credential/held.js";
import type { MeshContext, Meshconfig } from "../meshconfig/index.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { disagreement, type Target } from "../target.js";
import { inspectContexts, noContext, requireContext } from "./find.js";
import { OVERRIDDEN } from "./list.js";
import { type ContextRow, describeContexts } from "./row.js";

/** The document of `context view --json`. */
export interface ContextView extends ContextRow {
  readonly platform: string | null;
  /** The location of the token entry as the config has it. */
  readonly location: string;
  /** What mesheryctl's commands read, and what its login writes; different files for some locations. */
  readonly readerFile: string;
  readonly writerFile: string;
  /** Whether `tokens` has no entry of that name; the next login adds it. */
  readonly missingEntry: boolean;
  /** The config that the context is in. */
  readonly config: string;
  readonly warnings: readonly string[];
}

/**
 * Shows one context: the one that is named, else the one in force. Offline; touches no file.
 *
 * @throws MeshauthError `MESHAUTH_E_UNKNOWN_CONTEXT`, `MESHAUTH_E_CONFIG`.
 */
export async function viewContext(runtime: Runtime, flags: TargetFlags, name?: string): Promise<ContextView> {
  const target = await inspectContexts(runtime, flags);
  const { config } = target;
  const context =
    name === undefined ? contextInForce(target) : requireContext(config, name, "meshauth context view");
  return await view(runtime, config, context);
}

/** The document of `context view --all --json`. */
export interface ContextViews {
  /** In the order of `config.yaml`. */
  readonly contexts: readonly ContextView[];
}

/**
 * Shows all contexts. Offline; touches no file.
 *
 * @throws MeshauthError `MESHAUTH_E_CONFIG`; `MESHAUTH_E_UNKNOWN_CONTEXT` for `--context`.
 */
export async function viewContexts(runtime: Runtime, flags: TargetFlags): Promise<ContextViews> {
  const { config } = await inspectContexts(runtime, flags);
  return {
    contexts: await Promise.all(config.contexts.map((context) => view(runtime, config, context))),
  };
}

/** @throws MeshauthError `MESHAUTH_E_UNKNOWN_CONTEXT` when there is none, with the reason. */
export function contextInForce({ config, context }: Pick<Target, "config" | "context">): MeshContext {
  if (context) return context;
  throw noContext(config);
}

async function view(runtime: Runtime, config: Meshconfig, context: MeshContext): Promise<ContextView> {
  const [found] = await describeContexts(runtime, config, [context]);
  if (found === undefined) throw noContext(config);
  const { location, platform } = context;
  return {
    ...found.row,
    platform: platform ?? null,
    location: location.raw,
    readerFile: location.readerFile,
    writerFile: location.writerFile,
    missingEntry: location.missingEntry,
    config: config.file,
    warnings: [
      ...disagreement(context),
      ...found.oddities,
      ...(environmentToken(runtime.env) ? [OVERRIDDEN] : []),
    ],
  };
}
