import { type JsonValue, parseJson } from "@meshauth/provider-api/format";
import { readOwnFile } from "../read/safe-read.js";
import type { SystemFacts } from "../system.js";
import { shellWord } from "../text.js";

/** The content of a lock: who holds it. */
export interface LockRecord {
  readonly pid: number;
  /** When that process started, in the units of its system; tells it from a later one with the same id. */
  readonly start: string | undefined;
  readonly boot: string | undefined;
  readonly namespace: string | undefined;
  readonly host: string;
  readonly program: string;
  /** Unique to one acquisition. */
  readonly nonce: string;
  /** RFC 3339. */
  readonly time: string;
}

/** A lock that was seen. */
export interface LockSighting {
  /** `undefined` for content that is no record, such as that of a lock which is just being written. */
  readonly record: LockRecord | undefined;
  readonly inode: bigint;
  /** The last sign of life, in milliseconds of the file system's clock. */
  readonly modified: number;
}

/** Reads a lock. @returns `undefined` when there is none. @throws {@link StoreError} when it is not ours. */
export async function seeLock(path: string, system: SystemFacts): Promise<LockSighting | undefined> {
  const content = await readOwnFile(path, system, {
    what: "lock",
    mendOwner: `sudo rm ${shellWord(path)}`,
    mendType: (isFolder) => `${isFolder ? "rmdir" : "rm"} ${shellWord(path)}`,
  });
  if (content === undefined) return undefined;
  const { bytes, stat } = content;
  return { record: parseRecord(bytes), inode: stat.ino, modified: Number(stat.mtimeMs) };
}

/** Whether two sightings are of the same acquisition. */
export function isSameLock(a: LockSighting, b: LockSighting | undefined): boolean {
  return b !== undefined && a.record?.nonce === b.record?.nonce && a.inode === b.inode;
}

export function formatRecord(record: LockRecord): string {
  return `${JSON.stringify(record)}\n`;
}

function parseRecord(bytes: Uint8Array): LockRecord | undefined {
  let value: JsonValue;
  try {
    value = parseJson(bytes, { maxDepth: 4 }).value;
  } catch {
    return undefined;
  }
  if (!(value instanceof Map)) return undefined;
  const text = (key: string): string | undefined => {
    const member = value.get(key);
    return typeof member === "string" ? member : undefined;
  };
  const pid = value.get("pid");
  const nonce = text("nonce");
  const host = text("host");
  if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (nonce === undefined || host === undefined) return undefined;
  return {
    pid,
    start: text("start"),
    boot: text("boot"),
    namespace: text("namespace"),
    host,
    program: text("program") ?? "an unnamed program",
    nonce,
    time: text("time") ?? "an unknown time",
  };
}
