import { access } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAbort, isJsonObject, printable } from "@meshauth/core";
import type { Conformance } from "./definition.js";

/** What the conformance file may be called, in the order in which it is looked for. */
export const CONFORMANCE_FILES = [
  "meshauth.conformance.js",
  "meshauth.conformance.mjs",
  "meshauth.conformance.ts",
];

/** Where the conformance definition is taken from. */
export interface ConformanceSource {
  /** In place of the file. */
  readonly conformance?: Conformance;
  /** Loads the conformance file. Default: `import()`. */
  readonly load?: (path: string) => Promise<unknown>;
}

/** What became of it. */
export interface LoadedConformance {
  readonly conformance: Conformance | undefined;
  /** Why there is none. */
  readonly noConformance: { readonly kind: "absent" | "broken"; readonly why: string };
}

/** Takes what was given, else loads the file of a package. Fails with the signal's reason only. */
export async function loadConformance(
  root: string,
  { conformance, load = nativeImport }: ConformanceSource,
  signal: AbortSignal,
): Promise<LoadedConformance> {
  if (conformance !== undefined) return checked(conformance, "What was given");
  for (const name of CONFORMANCE_FILES) {
    const path = join(root, name);
    if (!(await exists(path))) continue;
    try {
      const module = (await beforeAbort(signal, () => load(path))) as { readonly default?: unknown };
      return checked(module.default, `The default export of ${name}`);
    } catch (error) {
      signal.throwIfAborted();
      return broken(`${name} cannot be loaded: ${whyOf(error)}`);
    }
  }
  const why = `There is no ${CONFORMANCE_FILES[0]} that says how a login succeeds.`;
  return { conformance: undefined, noConformance: { kind: "absent", why } };
}

function checked(value: unknown, what: string): LoadedConformance {
  const providers = isJsonObject(value) ? value["providers"] : undefined;
  if (!isJsonObject(providers) || Object.values(providers).some((factory) => typeof factory !== "function")) {
    return broken(`${what} is not made by defineConformance: it has no functions by provider id.`);
  }
  const limits: unknown = isJsonObject(value) ? (value["limits"] ?? {}) : undefined;
  if (!isJsonObject(limits) || Object.values(limits).some((limit) => !isLimit(limit))) {
    return broken(`${what} has limits that are no milliseconds from 1 to 300,000.`);
  }
  return { conformance: value as unknown as Conformance, noConformance: { kind: "absent", why: "" } };
}

function isLimit(value: unknown): boolean {
  return typeof value === "number" && value >= 1 && value <= 300_000;
}

function broken(why: string): LoadedConformance {
  return { conformance: undefined, noConformance: { kind: "broken", why } };
}

function whyOf(error: unknown): string {
  const { code, message = String(error) } = (error ?? {}) as {
    readonly code?: unknown;
    readonly message?: string;
  };
  if (code === "ERR_UNKNOWN_FILE_EXTENSION") return "this Node runs no TypeScript; vitest does.";
  return printable(message);
}

async function nativeImport(path: string): Promise<unknown> {
  return await import(pathToFileURL(path).href);
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
