import { constants, rmdirSync, rmSync } from "node:fs";
import { chmod, lstat, mkdir, open, readdir, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MeshauthError } from "../errors/error.js";
import type { LoginInput } from "../login/login.js";
import { isJsonObject } from "../registry/index.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { printable } from "../text.js";
import { LONGEST_TICKET_MS } from "./ticket.js";
import { isString, isStrings } from "./values.js";

/** The only form that there has been so far. */
const VERSION = 1;
const FOLDER = "pending";
const RECORD = "login.json";
const NAME = /^[0-9a-f]{32}$/;
/** More than the longest command line makes of it. */
const LARGEST_RECORD = 4 * 1024 * 1024;

/** How long after its end a ticket's folder is left to the process that keeps the login. */
const GRACE_MS = 60_000;

/** A login that was started and is not completed: what its two halves have to know of it. No secret is in it. */
export interface PendingLogin {
  /** What was asked for. The target is so complete that the environment and a change of context do not matter. */
  readonly input: Omit<LoginInput, "provider" | "approved" | "target"> & {
    readonly target: TargetFlags & { readonly server: string };
  };
  readonly provider: { readonly id: string; readonly package: string };
  /** The folder that relative names are relative to. */
  readonly cwd: string;
  /** The credential file that it is for. */
  readonly file: string;
  /** RFC 3339. */
  readonly expiresAt: string;
}

type Place = Pick<Runtime, "dataDir">;

/** The folder of one pending login, for this user alone. */
export function pendingFolder({ dataDir }: Place, id: string): string {
  return join(dataDir, FOLDER, id);
}

/** Creates the folder (0700) with the record (0600) in it. @throws MeshauthError `MESHAUTH_E_STORE`. */
export async function createPending(place: Place, id: string, pending: PendingLogin): Promise<string> {
  const folder = pendingFolder(place, id);
  const text = `${JSON.stringify({ version: VERSION, ...pending })}\n`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    await writeFile(join(folder, RECORD), text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new MeshauthError("MESHAUTH_E_STORE", {
      message: "A login in two steps needs a folder of its own, and it cannot be made.",
      why: `The operating system refused a file in ${printable(place.dataDir, 500)} (${code}).`,
      next: ["Make room, make the folder yours, or name another one with XDG_DATA_HOME."],
      cause: error,
    });
  }
  return folder;
}

/** The record of a pending login; `undefined` when there is none that this user can have written, or it is damaged. */
export async function readPending(place: Place, id: string): Promise<PendingLogin | undefined> {
  const { version, ...record } = (await readRecord(place, id)) ?? {};
  return version === VERSION && isPending(record) ? record : undefined;
}

async function readRecord(place: Place, id: string): Promise<Record<string, unknown> | undefined> {
  try {
    const folder = pendingFolder(place, id);
    const found = await lstat(folder);
    const uid = process.getuid?.();
    if (!found.isDirectory() || (uid !== undefined && (found.uid !== uid || found.mode & 0o077)))
      return undefined;
    // Without O_NONBLOCK a FIFO would be waited for.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    const file = await open(join(folder, RECORD), flags);
    try {
      const stat = await file.stat();
      if (!stat.isFile() || stat.size > LARGEST_RECORD || (uid !== undefined && stat.uid !== uid))
        return undefined;
      const record: unknown = JSON.parse(await file.readFile("utf8"));
      return isJsonObject(record) ? record : undefined;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

function isPending(record: Record<string, unknown>): record is Record<string, unknown> & PendingLogin {
  const { input, provider, cwd, file, expiresAt } = record;
  if (!isJsonObject(input) || !isJsonObject(provider)) return false;
  const { target, options, browser, timeout, force, skipVerify, tokenStdin, ownFile, words } = input;
  return (
    isJsonObject(target) &&
    [target["server"], provider["id"], provider["package"], cwd, file, expiresAt].every(isString) &&
    [
      target["config"],
      target["context"],
      input["serverName"],
      input["expectAccount"],
      input["savedSettings"],
    ].every((value) => value === undefined || isString(value)) &&
    isJsonObject(options) &&
    isJsonObject(browser) &&
    Number.isFinite(timeout) &&
    [force, skipVerify, tokenStdin, ownFile].every((value) => typeof value === "boolean") &&
    isStrings(words) &&
    !Number.isNaN(Date.parse(String(expiresAt)))
  );
}

/** Removes the folder of a pending login, and the one above when it was the last. Never fails. */
export async function removePending(place: Place, id: string): Promise<void> {
  await rm(pendingFolder(place, id), { recursive: true, force: true }).catch(() => undefined);
  await rmdir(join(place.dataDir, FOLDER)).catch(() => undefined);
}

/** The same for a process that is about to end. */
export function removePendingSync(place: Place, id: string): void {
  try {
    rmSync(pendingFolder(place, id), { recursive: true, force: true });
    rmdirSync(join(place.dataDir, FOLDER));
  } catch {
    // There are others, or it is for the next sweep.
  }
}

/**
 * Removes what is left of logins whose time is up: the process that keeps a login removes it itself, unless it was
 * killed. Never fails.
 */
export async function sweepPending({ dataDir, now }: Place & Pick<Runtime, "now">): Promise<void> {
  const names = await readdir(join(dataDir, FOLDER)).catch(() => undefined);
  if (names === undefined) return;
  for (const id of names.filter((name) => NAME.test(name))) {
    if ((await endOf({ dataDir }, id)) + GRACE_MS < now().getTime()) await removePending({ dataDir }, id);
  }
}

async function endOf(place: Place, id: string): Promise<number> {
  const record = await readRecord(place, id);
  const end = record === undefined ? Number.NaN : Date.parse(String(record["expiresAt"]));
  if (!Number.isNaN(end)) return end;
  const stat = await lstat(pendingFolder(place, id)).catch(() => undefined);
  return (stat?.mtimeMs ?? Number.POSITIVE_INFINITY) + LONGEST_TICKET_MS;
}
