import { readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

/** What a store knows about the machine and the process it runs in. */
export interface SystemFacts {
  readonly platform: NodeJS.Platform;
  /** The effective user id; `undefined` where there is no such thing (Windows). */
  readonly uid: number | undefined;
  readonly pid: number;
  /** What the lock calls this program. */
  readonly program: string;
  readonly hostname: string;
  /** Differs after each start of the machine; `undefined` where it cannot be told. */
  readonly bootId: string | undefined;
  /** Which processes a process id can mean: differs between containers on one machine. */
  readonly pidNamespace: string | undefined;
  /** The user id of who called sudo, when that was so. */
  readonly sudoUid: string | undefined;
  now(): Date;
}

/** The facts of this process; those in `given` win. */
export function systemFacts(given: Partial<SystemFacts> = {}): SystemFacts {
  const facts: SystemFacts = {
    platform: process.platform,
    uid: process.geteuid?.(),
    pid: process.pid,
    program: basename(process.argv[1] ?? process.execPath),
    get hostname() {
      return process.getBuiltinModule("node:os").hostname();
    },
    get bootId() {
      return attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim());
    },
    get pidNamespace() {
      return attempt(() => readlinkSync("/proc/self/ns/pid"));
    },
    sudoUid: process.env["SUDO_UID"],
    now: () => new Date(),
  };
  // What only a lock needs stays a question until a lock asks.
  return Object.defineProperties(facts, Object.getOwnPropertyDescriptors(given));
}

function attempt(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
