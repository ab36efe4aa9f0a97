import { shellWord } from "@meshauth/provider-api";
import { nearest } from "../nearest.js";
import { printable } from "../text.js";
import type { Draft } from "./drafts.js";
import { literal, quoted } from "./findings.js";
import type { ConfigModel } from "./model.js";
import type { MeshconfigInput } from "./types.js";

export interface SelectedContext {
  /** Spelled as in the file. `undefined`: no context is in force. */
  readonly name: string | undefined;
  readonly problem?: Draft;
}

/**
 * Decides which context is in force. What was typed, or set in the environment, has to be there; so has what
 * the file itself names, or mesheryctl would not start either. Names are compared without regard to case,
 * since mesheryctl's reader makes them lower case, but an exact match wins.
 */
export function selectContext(
  { flags, env }: Pick<MeshconfigInput, "flags" | "env">,
  { contexts, currentContext }: ConfigModel,
  file: string,
): SelectedContext {
  const names = contexts.map(({ name }) => name);
  const variable = env["MESHERY_CONTEXT"]?.trim();
  const [by, asked] = flags.context ? ["--context", flags.context] : ["MESHERY_CONTEXT", variable];
  if (asked) {
    const name = matchName(asked, names);
    return name === undefined ? { name, problem: unknown(by, asked, names, file) } : { name };
  }
  if (currentContext) {
    const name = matchName(currentContext.name, names);
    return name === undefined ? { name, problem: dangling(currentContext, names) } : { name };
  }
  return names.length === 0 ? { name: undefined } : unnamed(names);
}

/** Finds a name among those of the file: exactly, else without regard to case. */
export function matchName(asked: string, names: readonly string[]): string | undefined {
  return (
    names.find((name) => name === asked) ?? names.find((name) => name.toLowerCase() === asked.toLowerCase())
  );
}

function unknown(by: string, asked: string, names: readonly string[], file: string): Draft {
  const close = nearest(asked, names);
  const known =
    names.length === 0 ? `${printable(file, 500)} has no contexts` : `the contexts are ${list(names)}`;
  const hint = close === undefined ? "" : ` Did you mean ${quoted(close)}?`;
  const value = close ?? names[0];
  return {
    about: "context",
    fatal: "MESHAUTH_E_UNKNOWN_CONTEXT",
    elsewhere: true,
    text: `${by} names ${quoted(asked)}, but ${known}.${hint}`,
    next:
      value === undefined ? `Leave ${by} out.` : by.startsWith("--") ? `${by} ${value}` : `${by}=${value}`,
  };
}

function dangling(
  { name, line }: NonNullable<ConfigModel["currentContext"]>,
  names: readonly string[],
): Draft {
  const close = nearest(name, names) ?? names[0];
  // A block of text ends with a line break, by which alone the name may differ.
  const shown = /[\r\n\t]/.test(name) ? literal(name) : quoted(name);
  return {
    about: "context",
    fatal: "MESHAUTH_E_CONFIG",
    text: `"current-context" is ${shown}, but ${names.length === 0 ? "there are no contexts" : `the contexts are ${list(names)}`}`,
    line,
    next:
      close === undefined
        ? "mesheryctl system context create NAME --set"
        : `meshauth context use ${shellWord(close)}`,
  };
}

// mesheryctl refuses to start without a current context; with one context there is nothing to choose.
function unnamed(names: readonly string[]): SelectedContext {
  const [only] = names;
  const problem: Draft = {
    about: "context",
    text: `no "current-context" is given, which mesheryctl needs; the contexts are ${list(names)}`,
    next: `meshauth context use ${shellWord(only ?? "NAME")}`,
  };
  return names.length === 1
    ? { name: only, problem }
    : { name: undefined, problem: { ...problem, fatal: "MESHAUTH_E_CONFIG" } };
}

/** Names for a sentence: the first ten. */
export function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).map(quoted).join(", ");
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
