import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "@lydell/node-pty";
import { onTestFinished } from "vitest";
import { type Home, PROGRAM } from "./program.js";
import { Screen } from "./screen.js";
import { until, within } from "./wait.js";

export interface TerminalOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
  /** Shell text behind the command, such as a redirection. */
  readonly redirect?: string;
  /** What to start instead of node with the program: the words before the arguments. */
  readonly command?: readonly [string, ...string[]];
  /** The shell controls jobs: a stopped program goes on when {@link TerminalSession.foreground} is called. */
  readonly jobControl?: boolean;
}

export const KEY = {
  up: "\u001b[A",
  down: "\u001b[B",
  enter: "\r",
  escape: "\u001b",
  interrupt: "\u0003",
  endOfInput: "\u0004",
  suspend: "\u001a",
} as const;

/** The program in a pseudo-terminal, as a shell runs it. */
export interface TerminalSession {
  /** All that was printed, with its escape sequences. */
  readonly output: string;
  /** The same as text: without escape sequences, each line from its start. */
  readonly text: string;
  readonly screen: Screen;
  /** Keys, as the terminal sends them. */
  type(keys: string): void;
  /** Text from the clipboard, as a terminal sends it: marked where the program asked for bracketed paste. */
  paste(text: string): void;
  /** Waits until the text matches. Fails, with the screen in the message, when it does not within the limit. */
  see(pattern: RegExp, limit?: number): Promise<RegExpExecArray>;
  /** Waits until the terminal does not echo what is typed. */
  silent(): Promise<void>;
  /** Waits for the end. */
  end(limit?: number): Promise<Ended>;
  resize(columns: number, rows: number): void;
  /** Sends a signal to the program alone. */
  signal(name: NodeJS.Signals): void;
  /** The process id of the program. */
  readonly programId: number;
  /** Waits until the shell has stopped the program, and gives the terminal's settings at that moment. */
  stopped(): Promise<string>;
  /** Lets a stopped program go on, as `fg` does. */
  foreground(): void;
  /** Closes the terminal, as closing its window does. */
  hangUp(): void;
}

export interface Ended {
  readonly code: number;
  /** The settings of the terminal (`stty -a`) before the program started and after it ended. */
  readonly before: string;
  readonly after: string;
}

// The traps keep the shell alive when a key interrupts; the program starts with the default actions.
const SHELL = `trap : INT QUIT TSTP; stty -a >"$FACTS/before"; "$@" REDIRECT; code=$?; stty -a >"$FACTS/after"; exit $code`;

const JOB_SHELL = SHELL.replace("trap", "set -m; trap").replace(
  "code=$?;",
  'stty -a >"$FACTS/stopping"; mv "$FACTS/stopping" "$FACTS/stopped"; read -r _; fg >/dev/null; code=$?;',
);

/** Starts the program in a pseudo-terminal of its own. It is ended with the test. */
export function openTerminal(
  home: Home,
  args: readonly string[],
  options: TerminalOptions = {},
): TerminalSession {
  const { columns = 100, rows = 30, redirect = "" } = options;
  const facts = mkdtempSync(join(tmpdir(), "meshauth-facts-"));
  const command = (options.jobControl ? JOB_SHELL : SHELL).replace("REDIRECT", redirect);
  const words = options.command ?? [process.execPath, PROGRAM];
  const pty = spawn("/bin/sh", ["-c", command, "sh", ...words, ...args], {
    name: options.env?.["TERM"] ?? "xterm-256color",
    cols: columns,
    rows,
    cwd: home.path,
    env: { ...home.env, FACTS: facts, ...options.env },
  });
  const screen = new Screen(columns);
  const watchers = new Set<() => void>();
  let output = "";
  let programId = 0;
  pty.onData((data) => {
    output += data;
    screen.write(data);
    for (const watcher of watchers) watcher();
  });
  let running = true;
  const exited = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode }) => {
      running = false;
      resolve(exitCode);
      for (const watcher of watchers) watcher();
    });
  });
  onTestFinished(async () => {
    if (running) pty.kill("SIGKILL");
    await within(exited, 5_000, () => "The shell lives on.");
    if (programId !== 0) killQuietly(programId);
    rmSync(facts, { recursive: true, force: true });
  });

  const session: TerminalSession = {
    get output() {
      return output;
    },
    get text() {
      return plain(output);
    },
    screen,
    get programId() {
      programId ||= programOf(pty.pid);
      return programId;
    },
    type: (keys) => pty.write(keys),
    paste(text) {
      const keys = text.replace(/\r?\n/g, "\r");
      const bracketed = output.lastIndexOf("\u001b[?2004h") > output.lastIndexOf("\u001b[?2004l");
      pty.write(bracketed ? `\u001b[200~${keys}\u001b[201~` : keys);
    },
    see(pattern, limit = 12_000) {
      const seen = new Promise<RegExpExecArray>((resolve, reject) => {
        function look(): void {
          const match = pattern.exec(plain(output));
          if (match) resolve(match);
          else if (!running) reject(new Error(`It ended without ${pattern}:\n${plain(output)}`));
          if (match || !running) watchers.delete(look);
        }
        watchers.add(look);
        look();
      });
      return within(seen, limit, () => `Not seen: ${pattern}\n${plain(output)}`);
    },
    silent: () =>
      until(
        () => {
          if (session.programId === 0) return false;
          const terminal = `/proc/${session.programId}/fd/0`;
          return /-echo\b/.test(execFileSync("stty", ["-a", "-F", terminal], { encoding: "utf8" }));
        },
        10_000,
        () => `It still echoes:\n${plain(output)}`,
      ),
    async end(limit = 12_000) {
      const code = await within(exited, limit, () => `It does not end:\n${plain(output)}`);
      const read = (name: string): string => readFileSync(join(facts, name), "utf8");
      return { code, before: read("before"), after: read("after") };
    },
    resize(width, height) {
      screen.resize(width);
      pty.resize(width, height);
    },
    async stopped() {
      const path = join(facts, "stopped");
      await until(
        () => existsSync(path),
        10_000,
        () => `It does not stop:\n${plain(output)}`,
      );
      return readFileSync(path, "utf8");
    },
    foreground: () => pty.write("\n"),
    signal(name) {
      try {
        process.kill(session.programId, name);
      } catch (error) {
        // The signal before this one may have ended it already.
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    },
    hangUp() {
      // Known now, not when the shell is gone.
      programId ||= programOf(pty.pid);
      (pty as unknown as { destroy(): void }).destroy();
    },
  };
  return session;
}

/** What was printed, without escape sequences; redrawn lines follow each other. */
function plain(output: string): string {
  return output
    .replace(/\u001b\[[?\d;]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[^[\]]/g, "")
    .replaceAll("\r\n", "\n")
    .replaceAll("\r", "\n");
}

/** The program among the shell's children; 0 while the shell has not started it. */
function programOf(shell: number): number {
  const children = readFileSync(`/proc/${shell}/task/${shell}/children`, "utf8").trim().split(" ");
  const isProgram = (pid: string): boolean =>
    readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(PROGRAM);
  return Number(children.filter((pid) => pid !== "").find(isProgram) ?? 0);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended, as it should have.
  }
}
