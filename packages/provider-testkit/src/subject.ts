import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
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
import { type ConformanceSource, type LoadedConformance, loadConformance } from "./conformance-file.js";

/** A package that is to be tested. */
export interface Subject extends LoadedConformance {
  readonly name: string;
  readonly version: string;
  /** What `package.json` declares; a provider that cannot be used has an id only. */
  readonly providers: readonly { readonly id: string; readonly installed?: InstalledProvider }[];
  /** Why the package cannot be used, in a sentence. */
  readonly problem: string | undefined;
}

/** How a subject is read. */
export interface SubjectOptions extends ConformanceSource {
  /** The folder of the package: a path, or a file's address. */
  readonly root: string | URL;
}

interface ReadOptions extends SubjectOptions {
  /** Ends the wait for the conformance file. */
  readonly signal: AbortSignal;
}

/**
 * Reads a package and its conformance file. No code of a provider is run.
 *
 * @throws MeshauthError `MESHAUTH_E_USAGE` when the folder holds no package; the signal's reason.
 */
export async function readSubject(options: ReadOptions): Promise<Subject> {
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
    ...(await loadConformance(root, options, options.signal)),
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
