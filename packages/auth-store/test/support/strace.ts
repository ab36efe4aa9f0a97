import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Home } from "./folder.js";
import { Worker } from "./process.js";

/** Whether system calls can be made to fail here. */
export const hasStrace: boolean = spawnSync("strace", ["-o", "/dev/null", "true"]).status === 0;

/** One system call of a worker, in the form in which strace is told to tamper with it. */
export interface Call {
  readonly name: string;
  /** Which call of that name, counted in the thread that makes it, from 1. */
  readonly number: number;
  /** The call with its arguments; paths stand beside descriptors. */
  readonly text: string;
}

// One thread makes all calls on files, so that their order and number is the same in every run.
const env = { UV_THREADPOOL_SIZE: "1" };
const CALLS = [
  "openat",
  "write",
  "pwrite64",
  "fsync",
  "close",
  "link",
  "unlink",
  "rename",
  "mkdir",
  "chmod",
  "fchmod",
];

/** Runs a request untampered and gives its calls on paths under `home`, in order. */
export async function traceCalls(home: Home, request: object): Promise<Call[]> {
  const log = join(home.path, "strace.log");
  const under = ["strace", "-f", "-y", "-s", "0", "-o", log, "-e", `trace=${CALLS.join(",")}`];
  const answer = await new Worker(home, request, { env, under }).answer();
  if (!answer.ok) throw new Error(`the request fails by itself: ${answer.why}`);
  const counts = new Map<string, number>();
  const calls: Call[] = [];
  for (const line of readFileSync(log, "utf8").split("\n")) {
    const match = /^(\d+) +((\w+)\(.*)$/.exec(line);
    if (match === null) continue;
    const [, thread, text = "", name = ""] = match;
    const number = (counts.get(`${thread} ${name}`) ?? 0) + 1;
    counts.set(`${thread} ${name}`, number);
    if (text.includes(home.path)) calls.push({ name, number, text });
  }
  return calls;
}

/** Runs a request with one call tampered with: `error=EIO`, `signal=KILL`. */
export function tamper(home: Home, request: object, call: Call, how: string): Worker {
  const inject = `inject=${call.name}:${how}:when=${call.number}`;
  const under = ["strace", "-f", "-o", "/dev/null", "-e", `trace=${call.name}`, "-e", inject];
  return new Worker(home, request, { env, under });
}
