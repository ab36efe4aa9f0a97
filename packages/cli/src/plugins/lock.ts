import { randomBytes } from "node:crypto";
import { link, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { MeshauthError } from "@meshauth/core";

export interface LockOptions {
  readonly signal: AbortSignal;
  /** Called once, when another process has the lock. */
  readonly onWait?: () => void;
}

interface Owner {
  readonly pid: number;
  /** When the process started, where the system tells: a process id may be given out again. */
  readonly start: string | null;
  readonly host: string;
  readonly nonce: string;
}

const PAUSE_MS = 100;
/** A lock without content is one that is being written, unless it stays so. */
const EMPTY_MS = 10_000;

/**
 * Takes a lock between processes and waits for it until the signal is aborted. The lock of a process that is
 * dead is taken over; that of a live one never is.
 *
 * @param path - The lock file.
 * @returns Gives the lock up.
 */
export async function acquireLock(
  path: string,
  { signal, onWait }: LockOptions,
): Promise<() => Promise<void>> {
  const own = await describe(randomBytes(8).toString("hex"));
  let told = false;
  for (;;) {
    signal.throwIfAborted();
    if (await place(path, own)) {
      return async () => {
        if ((await read(path))?.nonce === own.nonce) await rm(path, { force: true });
      };
    }
    if (await takeFromDead(path, own)) continue;
    if (!told) onWait?.();
    told = true;
    await delay(PAUSE_MS * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
  }
}

/** The error for a wait that has taken too long. */
export function locked(path: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_LOCKED", {
    message: "Another meshauth is changing the plugins.",
    why: `The lock ${path} was held until the limit.`,
    next: ["Wait for the other program, or end it, and try again."],
  });
}

/** Puts a complete file at a name that is free: nobody sees a lock without its owner. */
async function place(path: string, owner: Owner): Promise<boolean> {
  const temporary = `${path}.${owner.nonce}`;
  const content = JSON.stringify(owner);
  await writeFile(temporary, content, { mode: 0o600 });
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(code ?? "")) throw error;
    return await placeExclusively(path, content);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function placeExclusively(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Removes a dead process's lock. Two that both saw it dead must not both remove "it", as the second would
 * remove what the first has made since: only the holder of a second lock may, after another look.
 */
async function takeFromDead(path: string, own: Owner): Promise<boolean> {
  const seen = await read(path);
  if (!(await isDead(path, seen))) return false;
  const second = `${path}.break`;
  if (!(await place(second, own))) {
    if (await isDead(second, await read(second))) await rm(second, { force: true });
    return false;
  }
  try {
    if ((await read(path))?.nonce === seen?.nonce) await rm(path, { force: true });
    return true;
  } finally {
    await rm(second, { force: true });
  }
}

async function isDead(path: string, owner: Owner | undefined): Promise<boolean> {
  if (owner === undefined) {
    const found = await stat(path).catch(() => undefined);
    return found !== undefined && Date.now() - found.mtimeMs > EMPTY_MS;
  }
  if (owner.host !== hostname()) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it is there and belongs to someone else.
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return true;
  }
  const start = await startOf(owner.pid);
  return start === "gone" || (start !== null && owner.start !== null && start !== owner.start);
}

async function read(path: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await readFile(path, "utf8")) as Partial<Owner> | null;
    const sound =
      Number.isSafeInteger(owner?.pid) && typeof owner?.host === "string" && typeof owner.nonce === "string";
    return sound ? (owner as Owner) : undefined;
  } catch {
    return undefined;
  }
}

async function describe(nonce: string): Promise<Owner> {
  return { pid: process.pid, start: await startOf(process.pid), host: hostname(), nonce };
}

/** Field 22 of /proc/PID/stat; the name in the second may have spaces and parentheses. `gone`: only its exit status is left. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? "gone" : (fields[19] ?? null);
  } catch {
    return null;
  }
}
