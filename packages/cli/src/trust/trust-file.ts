import { chmod, lstat, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isJsonObject, type JsonObject, MeshauthError, member } from "@meshauth/core";
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
  /** Why an earlier permission holds no longer; absent: there was none, or it holds. */
  readonly lapsed?: Lapse;
}

const LAPSES = ["withdrawn", "updated", "moved"] as const;

/** A permission ends when it is withdrawn, for other files of the plugin, and for others of what the plugin needs. */
export type Lapse = (typeof LAPSES)[number];

/** The records by the names of packages. */
export interface TrustFile {
  readonly records: ReadonlyMap<string, TrustRecord>;
  /** Why the file cannot be believed, as a sentence; there are no records then. */
  readonly problem?: string;
  /** Whether that is because a newer version of meshauth wrote it. */
  readonly isNewer?: true;
}

/** The version of the file's structure. */
const VERSION = 1;
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
  const { text, problem } = readOwnFile(trustPath(dataDir), { uid, limit: SIZE_LIMIT });
  if (text === undefined) return { records: new Map(), ...(problem === undefined ? {} : { problem }) };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { records: new Map(), problem: "It is not JSON." };
  }
  const version = isJsonObject(value) ? member(value, "version") : VERSION;
  if (version !== VERSION) {
    const isNewer = typeof version === "number" && version > VERSION;
    const reason = { records: new Map(), problem: "Another version of meshauth wrote it." };
    return isNewer ? { ...reason, isNewer } : reason;
  }
  const packages = isJsonObject(value) ? member(value, "packages") : undefined;
  if (!isJsonObject(packages)) return { records: new Map(), problem: "It holds no records." };
  const records = Object.entries(packages).flatMap(([name, entry]): [string, TrustRecord][] => {
    const record = isJsonObject(entry) ? parseRecord(entry) : undefined;
    return record === undefined ? [] : [[name, record]];
  });
  return { records: new Map(records) };
}

/**
 * Changes the records. A file that cannot be believed is kept aside as `trust.json.damaged`, in place of an earlier
 * one. Only while no other process changes the plugins.
 *
 * @param change - Gets the records to change them.
 * @throws MeshauthError `MESHAUTH_E_STORE` for the file of a newer version of meshauth; file system errors.
 */
export async function updateTrust(
  dataDir: string,
  uid: number | undefined,
  change: (records: Map<string, TrustRecord>) => void,
): Promise<void> {
  const { records, problem, isNewer } = await readTrust(dataDir, uid);
  if (isNewer) throw isNewerThanThis(dataDir);
  if (problem !== undefined) await keepAside(trustPath(dataDir));
  const next = new Map(records);
  change(next);
  await writeTrust(dataDir, next);
}

async function keepAside(path: string): Promise<void> {
  const aside = `${path}.damaged`;
  await rm(aside, { recursive: true, force: true });
  await rename(path, aside);
  // What is another user's stays as that user has made it.
  if ((await lstat(aside)).isFile()) await chmod(aside, 0o600).catch(() => undefined);
}

function isNewerThanThis(dataDir: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_STORE", {
    message: "What was allowed to run cannot be recorded.",
    why: `A newer version of meshauth wrote ${trustPath(dataDir)}, and this one would lose what is in it.`,
    next: ["npm install --global @meshauth/cli@latest"],
  });
}

/** Replaces the file. Readers see the old one or the new one. @throws file system errors */
export async function writeTrust(dataDir: string, records: TrustFile["records"]): Promise<void> {
  // Most commands only read, and loading this takes longer than the reading.
  const { randomBytes } = await import("node:crypto");
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
  const lapsed = LAPSES.find((lapse) => lapse === member(entry, "lapsed"));
  return {
    version,
    digest,
    ...(lapsed === undefined ? {} : { lapsed }),
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
