import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** The built program. */
export const PROGRAM: string = fileURLToPath(new URL("../../packages/cli/bin/run.js", import.meta.url));

/** A home directory of its own, removed when the test ends. */
export interface Home {
  readonly path: string;
  /** `.meshery` in it; made with the first file. */
  readonly meshery: string;
  readonly authJson: string;
  /** An environment in which nothing of the machine's user takes part. */
  readonly env: Readonly<Record<string, string>>;
}

export function makeHome(extra: Readonly<Record<string, string>> = {}): Home {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "meshauth-test-")));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  const meshery = join(path, ".meshery");
  mkdirSync(join(path, "Downloads"));
  const env = { PATH: process.env["PATH"] ?? "", HOME: path, TMPDIR: tmpdir(), NO_COLOR: "1", ...extra };
  return { path, meshery, authJson: join(meshery, "auth.json"), env };
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What stands on standard input; absent: it is closed. */
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly uid?: number;
}

/** Runs the program without a terminal and waits for its end. */
export function meshauth(home: Home, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: options.cwd ?? home.path,
      env: { ...home.env, ...options.env },
      stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    });
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk) => (stdout += chunk));
    child.stderr?.setEncoding("utf8").on("data", (chunk) => (stderr += chunk));
    child.stdin?.on("error", () => undefined).end(options.input);
    child.once("error", reject).once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** The document on standard output: exactly one. */
export function document(outcome: Outcome): unknown {
  return JSON.parse(outcome.stdout);
}
