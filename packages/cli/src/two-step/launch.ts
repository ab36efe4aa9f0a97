import { type SpawnOptions, spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { type FirstWord, type Keeper, keeperFailed, type LaunchKeeper, withoutToken } from "@meshauth/core";
import { ROOT } from "../root.js";
import { KEEPER } from "./keeper.js";

const PROGRAM = join(ROOT, "bin", "run.js");

/**
 * Starts this program again as the process that keeps a login: in a session of its own, without a terminal and
 * without streams. The channel between the two is how it knows that it was meant to, and that this process is
 * still there.
 */
export const launchKeeper: LaunchKeeper = (id, name): Keeper => {
  const options = process.execArgv.filter((option) => !option.startsWith("--inspect"));
  const child = withOwnStreams((stdio) =>
    spawn(process.execPath, [...options, PROGRAM, "login", name, "--start"], {
      env: { ...withoutToken(process.env), [KEEPER]: id },
      stdio,
      detached: true,
      windowsHide: true,
      shell: false,
    }),
  );
  const word = new Promise<FirstWord>((resolve, reject) => {
    child.once("message", (message) => resolve(message as FirstWord));
    child.once("error", (error) => reject(keeperFailed(name, error)));
    child.once("exit", () => reject(keeperFailed(name)));
  });
  // Whoever has stopped waiting need not hear of it.
  word.catch(() => undefined);
  const part = (): void => {
    if (child.connected) child.disconnect();
    child.unref();
  };
  return {
    first: () => word,
    async release() {
      await new Promise<void>((resolve) => child.send("go", () => resolve()));
      part();
    },
    abandon: part,
  };
};

/** The highest descriptor that is looked after. */
const HIGHEST = 1023;
const CLOSE_ON_EXEC = 0o2000000;

/**
 * Calls `begin` with streams that lead nowhere. The descriptors that this process has inherited itself would go on
 * to the new one, and keep a lock or a pipe of somebody else's for as long as the login waits: they lead nowhere, too.
 */
function withOwnStreams<T>(begin: (stdio: NonNullable<Exclude<SpawnOptions["stdio"], string>>) => T): T {
  const found = inherited();
  if (found.length === 0) return begin(["ignore", "ignore", "ignore", "ipc"]);
  const nowhere = openSync(devNull, "r+");
  try {
    const others = Array.from({ length: Math.max(...found) - 3 }, (_, index) =>
      found.includes(index + 4) ? nowhere : ("ignore" as const),
    );
    return begin(["ignore", "ignore", "ignore", "ipc", ...others]);
  } finally {
    closeSync(nowhere);
  }
}

/** The descriptors beyond the streams and the channel that a new process would get. Only Linux tells. */
function inherited(): number[] {
  try {
    return readdirSync("/proc/self/fdinfo")
      .map(Number)
      .filter((descriptor) => descriptor > 3 && descriptor <= HIGHEST && staysOpen(descriptor));
  } catch {
    return [];
  }
}

function staysOpen(descriptor: number): boolean {
  try {
    const [, flags = ""] =
      /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8")) ?? [];
    return flags !== "" && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    return false;
  }
}
