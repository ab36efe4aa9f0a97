import { type ChildProcess, spawn } from "node:child_process";
import { onTestFinished } from "vitest";
import { type Home, type Outcome, PROGRAM } from "./program.js";
import { within } from "./wait.js";

export interface RunningOptions {
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Standard input: `/dev/null`, no file descriptor at all, a pipe that nobody writes to, or one with this
   * text.
   */
  readonly stdin?: "null" | "closed" | "open" | { readonly text: string };
  /** A file descriptor for standard error, instead of a pipe. */
  readonly stderr?: number;
}

/** The program without a terminal, while it runs. */
export interface Running {
  readonly stdout: string;
  readonly stderr: string;
  /** Waits until standard error matches. */
  see(pattern: RegExp, limit?: number): Promise<RegExpExecArray>;
  /** Waits for the end of the process and of its streams. */
  end(limit?: number): Promise<Outcome>;
  kill(signal: NodeJS.Signals): void;
  readonly child: ChildProcess;
}

/** Starts the program without a terminal. It is ended with the test. */
export function start(home: Home, args: readonly string[], options: RunningOptions = {}): Running {
  const { stdin = "null" } = options;
  const program = [process.execPath, PROGRAM, ...args];
  const command = stdin === "closed" ? ["/bin/sh", "-c", 'exec "$@" <&-', "sh", ...program] : program;
  const child = spawn(command[0] ?? "", command.slice(1), {
    cwd: home.path,
    env: { ...home.env, ...options.env },
    stdio: [stdin === "null" || stdin === "closed" ? "ignore" : "pipe", "pipe", options.stderr ?? "pipe"],
  });
  const watchers = new Set<() => void>();
  const text = { stdout: "", stderr: "" };
  let running = true;
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
      text[name] += chunk;
      for (const watcher of watchers) watcher();
    });
  }
  child.stdin?.on("error", () => undefined);
  if (typeof stdin === "object") child.stdin?.end(stdin.text);
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once("error", reject).once("close", (code) => {
      running = false;
      resolve({ code, ...text });
      for (const watcher of watchers) watcher();
    });
  });
  const describe = (): string => `stdout:\n${text.stdout}\nstderr:\n${text.stderr}`;
  onTestFinished(async () => {
    if (running) child.kill("SIGKILL");
    await within(ended, 5_000, () => "The process lives on.");
  });
  return {
    get stdout() {
      return text.stdout;
    },
    get stderr() {
      return text.stderr;
    },
    child,
    see(pattern, limit = 20_000) {
      const seen = new Promise<RegExpExecArray>((resolve, reject) => {
        function look(): void {
          const match = pattern.exec(text.stderr);
          if (match) resolve(match);
          else if (!running) reject(new Error(`It ended without ${pattern}\n${describe()}`));
          if (match || !running) watchers.delete(look);
        }
        watchers.add(look);
        look();
      });
      return within(seen, limit, () => `Not seen: ${pattern}\n${describe()}`);
    },
    end: (limit = 20_000) => within(ended, limit, () => `It does not end.\n${describe()}`),
    kill: (signal) => void child.kill(signal),
  };
}
