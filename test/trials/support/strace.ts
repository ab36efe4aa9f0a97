import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Home } from "../../support/program.js";
import { type Ended, startTrial } from "./process.js";

/** Whether system calls can be tampered with here. */
export const hasStrace: boolean = spawnSync("strace", ["-f", "-o", "/dev/null", "true"]).status === 0;

/** Every call by which the program could change something in a folder. */
const MUTATING = [
  "openat",
  "write",
  "pwrite64",
  "ftruncate",
  "fsync",
  "fdatasync",
  "link",
  "linkat",
  "unlink",
  "unlinkat",
  "rename",
  "renameat",
  "renameat2",
  "mkdir",
  "mkdirat",
  "rmdir",
  "chmod",
  "fchmod",
  "fchmodat",
  "symlink",
  "utimensat",
];

/** One system call of a run, in the form in which strace is told to tamper with it. */
export interface Point {
  readonly name: string;
  /** Which call of that name in its thread, from 1. */
  readonly number: number;
  /** The call with its arguments, without what differs from run to run. */
  readonly text: string;
}

// One thread makes all the calls on files, so that order and number are the same in every run.
const ENV = { UV_THREADPOOL_SIZE: "1", TRIAL_OPENS: "500" };

/** Runs a command untampered and gives its calls that change something in the home, in order. */
export async function mutatingCalls(home: Home, args: readonly string[]): Promise<readonly Point[]> {
  const { log, code, stderr } = await underStrace(home, args, ["-e", `trace=${MUTATING.join(",")}`]);
  if (code !== 0) throw new Error(`meshauth ${args.join(" ")} fails by itself: ${stderr}`);
  const counts = new Map<string, number>();
  const points: Point[] = [];
  for (const { thread, name, text } of callsIn(log)) {
    const number = (counts.get(`${thread} ${name}`) ?? 0) + 1;
    counts.set(`${thread} ${name}`, number);
    const changes = name === "openat" ? /O_CREAT|O_TRUNC/.test(text) : true;
    // Compiled code is written by the main thread, which cannot be struck before the thread for files.
    const isCode = text.includes("/.cache/meshauth/code");
    if (changes && text.includes(home.path) && !isCode)
      points.push({ name, number, text: plain(text, home) });
  }
  return points;
}

/** A run that was tampered with. */
export interface Tampered extends Ended {
  /** Whether it was the very call that was meant: another thread may have made as many of them before. */
  readonly hit: boolean;
}

/** Runs a command with one call tampered with, such as `error=EIO` or `signal=KILL`. */
export async function tamper(
  home: Home,
  args: readonly string[],
  { name, number, text }: Point,
  how: string,
): Promise<Tampered> {
  const { log, ...ended } = await underStrace(home, args, [
    ...["-e", `trace=${name}`],
    ...["-e", `inject=${name}:${how}:when=${number}`],
  ]);
  const touched = how.startsWith("signal=KILL")
    ? callsIn(log).slice(-1)
    : callsIn(log).filter((call) => call.text.includes("(INJECTED)"));
  // A call that was cut off has neither its end nor a result in the log.
  const meant = text.replace(/\)? = .*$/, "");
  return { ...ended, hit: touched.some((call) => plain(call.text, home).startsWith(meant)) };
}

async function underStrace(
  home: Home,
  args: readonly string[],
  options: readonly string[],
): Promise<Ended & { readonly log: string }> {
  const folder = mkdtempSync(join(tmpdir(), "meshauth-strace-"));
  const file = join(folder, "log");
  try {
    const under = ["strace", "-f", "-y", "-s", "0", "-o", file, ...options];
    const ended = await startTrial(home, args, { env: ENV, under }).ended;
    return { ...ended, log: readFileSync(file, "latin1") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function callsIn(log: string): { readonly thread: string; readonly name: string; readonly text: string }[] {
  return log.split("\n").flatMap((line) => {
    const match = /^(\d+) +((\w+)\(.*)$/.exec(line);
    return match === null ? [] : [{ thread: match[1] ?? "", name: match[3] ?? "", text: match[2] ?? "" }];
  });
}

/** Without the home, descriptors, and names that are made up for the run. */
function plain(text: string, { path }: Home): string {
  return text
    .replaceAll(path, "~")
    .replace(/\b[0-9a-f]{24}(\.[0-9a-f]{16})?\.tmp/g, (_, base) => `N${base === undefined ? "" : ".B"}.tmp`)
    .replace(/\.[0-9a-f]{8}\.tmp/g, ".N.tmp")
    .replace(/\b[0-9a-f]{64}\b/g, "H")
    .replace(/AT_FDCWD<[^>]*>/, "AT_FDCWD")
    .replace(/\b\d+</g, "<")
    .replace(/""\.\.\., \d+/g, '"", SIZE')
    .replace(/ <unfinished \.\.\.>$/, "");
}
