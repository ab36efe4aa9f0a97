import { join } from "node:path";
import { PACKAGE_NAME } from "@meshauth/core";
import { lookWhole } from "../plugins/settle.js";
import { digestOf } from "./digest.js";
import { TreeError } from "./tree.js";
import { readTrust, type TrustRecord } from "./trust-file.js";

/** Where the plugins and what is known of them are. */
export interface TrustPlace {
  readonly dataDir: string;
  /** The user that runs the program; `undefined` where the system has no such thing. */
  readonly uid: number | undefined;
  /** Ends a wait for another process. */
  readonly signal?: AbortSignal | undefined;
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

/** The folder that the plugins' packages are in. */
export function modulesOf(dataDir: string): string {
  return join(dataDir, "node_modules");
}

/**
 * Compares a plugin with what is known of it. While another process changes the plugins, the end of that is waited for,
 * within a limit, unless the plugin is trusted as it is.
 *
 * @throws the reason of the signal; nothing else.
 */
export async function standingOf(place: TrustPlace, name: string): Promise<Standing> {
  const look = () => standingNow(place, name);
  return await lookWhole(place, look, ({ state }) => state === "trusted");
}

/** The same for whoever changes the plugins: it waits for nobody, and never fails. */
export async function standingNow({ dataDir, uid }: TrustPlace, name: string): Promise<Standing> {
  const { records, problem } = await readTrust(dataDir, uid);
  const record = records.get(name);
  if (!PACKAGE_NAME.test(name))
    return { state: "changed", record, reason: "Its name is none that npm would take." };
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
