import { access, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type InstalledProvider,
  inspectPackage,
  isJsonObject,
  type JsonObject,
  MeshauthError,
  member,
  printable,
  readJsonObject,
} from "@meshauth/core";
import type { Conformance } from "./definition.js";

/** What the conformance file may be called, in the order in which it is looked for. */
export const CONFORMANCE_FILES = [
  "meshauth.conformance.js",
  "meshauth.conformance.mjs",
  "meshauth.conformance.ts",
];

/** A package that is to be tested. */
export interface Subject {
  readonly name: string;
  readonly version: string;
  /** What `package.json` declares; a provider that cannot be used has an id only. */
  readonly providers: readonly { readonly id: string; readonly installed?: InstalledProvider }[];
  /** Why the package cannot be used, in a sentence. */
  readonly problem: string | undefined;
  readonly conformance: Conformance | undefined;
  /** Why there is no {@link Subject.conformance}. */
  readonly noConformance: { readonly kind: "absent" | "broken"; readonly why: string };
}

/** How a subject is read. */
export interface SubjectOptions {
  readonly root: string | URL;
  /** In place of the file. */
  readonly conformance?: Conformance;
  /** Loads the conformance file. Default: `import()`. */
  readonly load?: (path: string) => Promise<unknown>;
}

/**
 * Reads a package and its conformance file. No code of a provider is run.
 *
 * @throws MeshauthError `MESHAUTH_E_USAGE` when the folder holds no package.
 */
export async function readSubject(options: SubjectOptions): Promise<Subject> {
  const root = await realpath(folderOf(options.root)).catch(() => folderOf(options.root));
  const pjson = await readManifest(root);
  const name = textOf(pjson, "name");
  const { providers, problem } = await inspectPackage({ name, root, origin: "link" });
  const reason = problem?.reason ?? (providers.length === 0 ? "It declares no providers." : undefined);
  const ids = declaredIds(pjson);
  return {
    name: printable(name),
    version: printable(textOf(pjson, "version"), 64),
    providers:
      reason === undefined
        ? providers.map((installed) => ({ id: installed.entry.id, installed }))
        : (ids.length > 0 ? ids : [printable(name)]).map((id) => ({ id })),
    problem: reason,
    ...(await loadConformance(root, options)),
  };
}

export function folderOf(root: string | URL): string {
  return resolve(
    root instanceof URL ? fileURLToPath(root) : root.startsWith("file:") ? fileURLToPath(root) : root,
  );
}

async function readManifest(root: string): Promise<JsonObject> {
  try {
    return await readJsonObject(join(root, "package.json"), "package.json");
  } catch (error) {
    throw new MeshauthError("MESHAUTH_E_USAGE", {
      message: `There is no provider package in ${printable(root, 300)}.`,
      why: error instanceof Error ? error.message : "Its package.json cannot be read.",
      next: ["meshauth provider test PATH"],
      cause: error,
    });
  }
}

type Loaded = Pick<Subject, "conformance" | "noConformance">;

async function loadConformance(
  root: string,
  { conformance, load = nativeImport }: SubjectOptions,
): Promise<Loaded> {
  if (conformance !== undefined) return checked(conformance, "What was given");
  for (const name of CONFORMANCE_FILES) {
    const path = join(root, name);
    if (!(await exists(path))) continue;
    try {
      const module = (await load(path)) as { readonly default?: unknown };
      return checked(module.default, `The default export of ${name}`);
    } catch (error) {
      return broken(`${name} cannot be loaded: ${whyOf(error)}`);
    }
  }
  const why = `There is no ${CONFORMANCE_FILES[0]} that says how a login succeeds.`;
  return { conformance: undefined, noConformance: { kind: "absent", why } };
}

function checked(value: unknown, what: string): Loaded {
  const providers = isJsonObject(value) ? value["providers"] : undefined;
  if (!isJsonObject(providers) || Object.values(providers).some((factory) => typeof factory !== "function")) {
    return broken(`${what} is not made by defineConformance: it has no functions by provider id.`);
  }
  return { conformance: value as unknown as Conformance, noConformance: { kind: "absent", why: "" } };
}

function broken(why: string): Loaded {
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

function textOf(object: JsonObject, key: string): string {
  const value = member(object, key);
  return typeof value === "string" ? value : "";
}

function declaredIds(pjson: JsonObject): string[] {
  const manifest = member(pjson, "meshauth");
  const entries = isJsonObject(manifest) ? member(manifest, "providers") : undefined;
  if (!Array.isArray(entries)) return [];
  return entries
    .flatMap((entry: unknown) => (isJsonObject(entry) ? [printable(textOf(entry, "id"), 32)] : []))
    .filter(Boolean);
}
