import { shellWord } from "@meshauth/provider-api";
import { MeshauthError } from "../errors/error.js";
import { absenceOf, listNames, type MeshContext, type Meshconfig, matchName } from "../meshconfig/index.js";
import { nearest } from "../nearest.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { inspectTarget, type Target } from "../target.js";
import { printable } from "../text.js";

/** The command that makes a context, where there is none. */
const CREATE = "mesheryctl system context create NAME --set";

/**
 * Finds the target for commands about the config itself: they work when no context is in force, and whatever
 * is wrong with the contexts is among the problems. What was typed has to be there, though.
 *
 * @throws MeshauthError `MESHAUTH_E_CONFIG` when the file is no config, `MESHAUTH_E_UNKNOWN_CONTEXT` for
 *   `--context`.
 */
export async function inspectContexts(runtime: Runtime, flags: TargetFlags): Promise<Target> {
  const target = await inspectTarget(runtime, flags);
  for (const { about, fatal, message, next } of target.config.problems) {
    if (fatal === undefined) continue;
    const typed = about === "context" && flags.context !== undefined;
    if ((about === "file" && !target.config.readable) || typed) {
      throw new MeshauthError(fatal, { why: message, next: [next] });
    }
  }
  return target;
}

/**
 * Finds a context by the name that was typed, without regard to case.
 *
 * @param command - What is to be typed before the right name.
 * @throws MeshauthError `MESHAUTH_E_UNKNOWN_CONTEXT`, with the nearest name that exists.
 */
export function requireContext(config: Meshconfig, typed: string, command: string): MeshContext {
  const names = config.contexts.map(({ name }) => name);
  const name = matchName(typed, names);
  const found = config.contexts.find((context) => context.name === name);
  if (found) return found;
  const near = nearest(typed, names);
  const hint = near === undefined ? "" : ` Did you mean "${printable(near, 60)}"?`;
  const file = printable(config.file, 500);
  throw new MeshauthError("MESHAUTH_E_UNKNOWN_CONTEXT", {
    message: `There is no context "${printable(typed, 60)}".${hint}`,
    why:
      names.length > 0
        ? `The contexts of ${file} are ${listNames(names)}.`
        : config.exists
          ? `${file} has no contexts.`
          : `${absenceOf(config)}.`,
    next: [
      ...(near === undefined ? [] : [`${command} ${shellWord(near)}`]),
      names.length > 0 ? "meshauth context list" : CREATE,
    ],
  });
}

/** The error for commands that need a context when none is in force. */
export function noContext(config: Meshconfig): MeshauthError {
  const some = config.contexts.length > 0;
  const reason = config.problems.find(({ about, fatal }) => about === "context" && fatal !== undefined);
  const missing = config.exists
    ? `${printable(config.file, 500)} has no ${some ? "current context" : "contexts"}.`
    : `${absenceOf(config)}.`;
  return new MeshauthError("MESHAUTH_E_UNKNOWN_CONTEXT", {
    message: "No context is in force.",
    why: reason?.message ?? missing,
    next: [...(reason === undefined ? [] : [reason.next]), some ? "meshauth context list" : CREATE],
  });
}
