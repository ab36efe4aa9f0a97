// Peak memory and opened files: counted from outside, so that the measured process is as it always is.
import { spawnSync } from "node:child_process";
import { LIMIT } from "./run.mjs";

/** The kernel says at a process's end how much it had at most. The environment of what is measured comes as JSON. */
const PEAK = `
import json, os, sys
pid = os.fork()
if pid == 0:
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2): os.dup2(null, stream)
    os.execve(sys.argv[2], sys.argv[2:], json.loads(sys.argv[1]))
print(os.wait4(pid, 0)[2].ru_maxrss)
`;

/** @returns The most memory that the process had, MiB; `undefined` where Python 3 is not installed. */
export function peak(words, env) {
  const { status, stdout } = spawnSync("python3", ["-c", PEAK, JSON.stringify(env), ...words], {
    encoding: "utf8",
    cwd: env.HOME,
    timeout: LIMIT,
  });
  if (status !== 0) return undefined;
  // In bytes on macOS, elsewhere in KiB.
  return Number(stdout) / (process.platform === "darwin" ? 1024 * 1024 : 1024);
}

/** @returns How many files the process opened; `undefined` where strace is not installed or may not trace. */
export function filesOpened(words, env) {
  const { stderr, error, status } = spawnSync("strace", ["-f", "-qq", "-e", "trace=open,openat", ...words], {
    env,
    cwd: env.HOME,
    encoding: "utf8",
    timeout: LIMIT,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error || status === null) return undefined;
  const opened = stderr.match(/\bopen(?:at)?\(.*\)\s+= \d+$|<\.\.\. open(?:at)? resumed>.*= \d+$/gm);
  return opened?.length;
}
