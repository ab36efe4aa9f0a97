import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { spawn } from "@lydell/node-pty";
import type { User } from "./program.js";

/** A run of the program in a terminal. */
export interface TerminalRun {
  /** Everything on the screen so far, without escapes. */
  text(): string;
  /** Waits for a text on the screen. */
  see(text: string): Promise<void>;
  type(keys: string): void;
  readonly ended: Promise<number>;
}

/** Starts the program in a terminal of 100 columns. */
export function startInTerminal({ cwd, env }: User, argv: readonly string[]): TerminalRun {
  let screen = "";
  const pty = spawn(process.execPath, [join(import.meta.dirname, "../../bin/run.js"), ...argv], {
    cols: 100,
    rows: 30,
    cwd,
    env: { ...env, TERM: "xterm" },
  });
  pty.onData((data) => {
    screen += data;
  });
  const text = (): string => screen.replace(/\u001b\[[\d;?]*[A-Za-z]/g, "");
  return {
    text,
    async see(wanted) {
      for (let round = 0; round < 2_000; round++) {
        if (text().includes(wanted)) return;
        await delay(10);
      }
      throw new Error(`"${wanted}" did not appear:\n${text()}`);
    },
    type: (keys) => pty.write(keys),
    ended: new Promise((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode))),
  };
}
