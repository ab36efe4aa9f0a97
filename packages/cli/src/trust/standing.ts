import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { digestOf } from "./digest.js";
import { TreeError } from "./tree.js";
import { readTrust, type TrustRecord } from "./trust-file.js";

/** Where the plugins and what is known of them are. */
export interface TrustPlace {
  readonly dataDir: string;
  /** The user that runs the program; `undefined` where the system has no such thing. */
  readonly uid: number | undefined;
}

/** How a plugin's code stands. */
export type Standing =
  /** A person has allowed it, and its files are as they were then. */
  | { readonly state: "trusted"; readonly record: TrustRecord; readonly digest: string }
  /** Nobody has allowed it, or it was withdrawn. `record`: it was installed by meshauth. `problem`: why that is not known. */
  | {
      readonly state: "untrusted";
      readonly record: TrustRecord | undefined;
      readonly digest: string;
      readonly problem?: string;
    }
  /** Its files are not those that were installed. */
  | { readonly state: "changed"; readonly record: TrustRecord | undefined; readonly reason: string };

/** How long a change that is under way is waited for, in milliseconds. */
const CHANGE_LIMIT_MS = 10_000;
const LOOK_MS = 100;

/** The folder that the plugins' packages are in. */
export function modulesOf(dataDir: string): string {
  return join(dataDir, "node_modules");
}

/** Compares a plugin with what is known of it. Writes nothing and never fails. */
export async function standingOf(place: TrustPlace, name: string): Promise<Standing> {
  const standing = await standingNow(place, name);
  if (standing.state !== "changed" || !isChanging(place)) return standing;
  // Another process is installing: half of it may be there.
  const end = performance.now() + CHANGE_LIMIT_MS;
  while (isChanging(place) && performance.now() < end) await delay(LOOK_MS);
  return await standingNow(place, name);
}

/** The same for whoever changes the plugins: it waits for nobody. */
export async function standingNow({ dataDir, uid }: TrustPlace, name: string): Promise<Standing> {
  const { records, problem } = await readTrust(dataDir, uid);
  const record = records.get(name);
  let digest: string;
  try {
    ({ digest } = await digestOf(join(modulesOf(dataDir), name), modulesOf(dataDir)));
  } catch (error) {
    return { state: "changed", record, reason: reasonOf(error) };
  }
  if (record === undefined) {
    return { state: "untrusted", record, digest, ...(problem === undefined ? {} : { problem }) };
  }
  if (record.digest !== digest) {
    const reason = "Its files, or those of a package that it needs, were changed since.";
    return { state: "changed", record, reason };
  }
  return { state: record.consentedAt === null ? "untrusted" : "trusted", record, digest };
}

/** Why files could not be looked at, as a sentence. */
export function reasonOf(error: unknown): string {
  if (error instanceof TreeError) return error.message;
  return `Its files cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"}).`;
}

function isChanging({ dataDir }: TrustPlace): boolean {
  return existsSync(join(dataDir, "plugins.lock"));
}
