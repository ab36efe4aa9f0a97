import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isJsonObject, type JsonObject, member } from "@meshauth/core";
import { readOwnFile } from "./own-file.js";

/** What is known of an installed plugin. */
export interface TrustRecord {
  readonly version: string;
  /** Over the files as they were installed. */
  readonly digest: string;
  /** What the registry says of the tarball, or the tarball's own; null for a folder or a repository. */
  readonly integrity: string | null;
  /** Where it came from: `name@tag` or an address. */
  readonly source: string | null;
  /** The registry's user that published it. */
  readonly publisher: string | null;
  /** RFC 3339; null when it was not meshauth that installed it. */
  readonly installedAt: string | null;
  /** When a person allowed its code to run; null: not yet, or no longer. */
  readonly consentedAt: string | null;
}

/** The records by the names of packages. */
export interface TrustFile {
  readonly records: ReadonlyMap<string, TrustRecord>;
  /** Why the file cannot be believed, as a sentence; there are no records then. */
  readonly problem?: string;
}

const SIZE_LIMIT = 4 * 1024 * 1024;

/** The file in which it is kept: below the data folder, for its owner alone. */
export function trustPath(dataDir: string): string {
  return join(dataDir, "trust.json");
}

/**
 * Reads the records. A file that is missing holds none, and one that is damaged, or that somebody else may have
 * written, is not believed: nothing has been allowed then. Never fails.
 *
 * @param uid - The user that runs the program; `undefined` where the system has no such thing.
 */
export async function readTrust(dataDir: string, uid: number | undefined): Promise<TrustFile> {
  const { text, problem } = await readOwnFile(trustPath(dataDir), { uid, limit: SIZE_LIMIT });
  if (text === undefined) return { records: new Map(), ...(problem === undefined ? {} : { problem }) };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { records: new Map(), problem: "It is not JSON." };
  }
  if (isJsonObject(value) && member(value, "version") !== 1)
    return { records: new Map(), problem: "Another version of meshauth wrote it." };
  const packages = isJsonObject(value) ? member(value, "packages") : undefined;
  if (!isJsonObject(packages)) return { records: new Map(), problem: "It holds no records." };
  const records = Object.entries(packages).flatMap(([name, entry]): [string, TrustRecord][] => {
    const record = isJsonObject(entry) ? parseRecord(entry) : undefined;
    return record === undefined ? [] : [[name, record]];
  });
  return { records: new Map(records) };
}

/** Replaces the file. Readers see the old one or the new one. @throws file system errors */
export async function writeTrust(dataDir: string, records: TrustFile["records"]): Promise<void> {
  const path = trustPath(dataDir);
  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  const content = { version: 1, packages: Object.fromEntries(records) };
  try {
    await writeFile(temporary, `${JSON.stringify(content, null, 2)}\n`, {
      flag: "wx",
      mode: 0o600,
      flush: true,
    });
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

function parseRecord(entry: JsonObject): TrustRecord | undefined {
  const text = (key: keyof TrustRecord): string | null => {
    const value = member(entry, key);
    return typeof value === "string" && value.length <= 1_000 ? value : null;
  };
  const [version, digest] = [text("version"), text("digest")];
  if (version === null || digest === null || !/^sha512-[\w+/]+={0,2}$/.test(digest)) return undefined;
  return {
    version,
    digest,
    integrity: text("integrity"),
    source: text("source"),
    publisher: text("publisher"),
    installedAt: time(text("installedAt")),
    consentedAt: time(text("consentedAt")),
  };
}

function time(text: string | null): string | null {
  return text !== null && !Number.isNaN(Date.parse(text)) ? text : null;
}
