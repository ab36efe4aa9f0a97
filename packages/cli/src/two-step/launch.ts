import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type FirstWord, type Keeper, keeperFailed, type LaunchKeeper } from "@meshauth/core";
import { KEEPER } from "./keeper.js";

const PROGRAM = fileURLToPath(new URL("../../bin/run.js", import.meta.url));

/**
 * Starts this program again as the process that keeps a login: in a session of its own, without a terminal and
 * without streams. The channel between the two is how it knows that it was meant to, and that this process is
 * still there.
 */
export const launchKeeper: LaunchKeeper = (id, providerId): Keeper => {
  // It has no use for a token.
  const { MESHERY_API_TOKEN: _, ...env } = process.env;
  const options = process.execArgv.filter((option) => !option.startsWith("--inspect"));
  const child = spawn(process.execPath, [...options, PROGRAM, "login", providerId, "--start"], {
    env: { ...env, [KEEPER]: id },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    detached: true,
    windowsHide: true,
    shell: false,
  });
  const word = new Promise<FirstWord>((resolve, reject) => {
    child.once("message", (message) => resolve(message as FirstWord));
    child.once("error", (error) => reject(keeperFailed(error)));
    child.once("exit", () => reject(keeperFailed()));
  });
  // Whoever has stopped waiting need not hear of it.
  word.catch(() => undefined);
  const part = (): void => {
    if (child.connected) child.disconnect();
    child.unref();
  };
  return {
    first: (signal) =>
      Promise.race([
        word,
        new Promise<never>((_, reject) => {
          if (signal.aborted) reject(signal.reason);
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        }),
      ]),
    async release() {
      await new Promise<void>((resolve) => child.send("go", () => resolve()));
      part();
    },
    abandon: part,
  };
};
