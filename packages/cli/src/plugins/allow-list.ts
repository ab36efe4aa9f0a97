import { join } from "node:path";
import { isJsonObject, member } from "@meshauth/core";
import { readOwnFile } from "../trust/own-file.js";

/** A tarball that may be installed without a question. */
export interface AllowedPlugin {
  readonly name: string;
  /** `sha512-…` of the tarball. What the package needs besides is not bound by it. */
  readonly integrity: string;
}

/** The list of what may be installed where nobody can be asked. */
export interface AllowList {
  readonly path: string;
  readonly allowed: readonly AllowedPlugin[];
  /** Why the file cannot be believed, as a sentence; nothing is allowed then. */
  readonly problem?: string;
}

const SIZE_LIMIT = 1024 * 1024;

/**
 * Reads `allowed-plugins.json` of the config folder: `{"allowed":[{"name","integrity"}]}`. It is the user's or the
 * system administrator's. Entries that make no sense allow nothing. Never fails.
 */
export async function readAllowList(configDir: string, uid: number | undefined): Promise<AllowList> {
  const path = join(configDir, "allowed-plugins.json");
  const { text, problem } = await readOwnFile(path, { uid, administrator: true, limit: SIZE_LIMIT });
  if (text === undefined) return { path, allowed: [], ...(problem === undefined ? {} : { problem }) };
  try {
    const value: unknown = JSON.parse(text);
    const list = isJsonObject(value) ? member(value, "allowed") : undefined;
    if (!Array.isArray(list)) return { path, allowed: [], problem: 'It has no list "allowed".' };
    return { path, allowed: list.flatMap(parseEntry) };
  } catch {
    return { path, allowed: [], problem: "It is not JSON." };
  }
}

/** Whether a tarball is on the list. */
export function isAllowed({ allowed }: AllowList, name: string, integrity: string | null): boolean {
  return allowed.some((entry) => entry.name === name && entry.integrity === integrity);
}

function parseEntry(entry: unknown): AllowedPlugin[] {
  if (!isJsonObject(entry)) return [];
  const [name, integrity] = [member(entry, "name"), member(entry, "integrity")];
  if (typeof name !== "string" || typeof integrity !== "string") return [];
  return /^sha512-[\w+/]{86}==$/.test(integrity) ? [{ name, integrity }] : [];
}
