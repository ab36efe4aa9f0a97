// Peak memory and opened files: counted from outside, so that the measured process is as it always is.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LIMIT } from "./run.mjs";

/** The kernel says at a process's end how much it had at most. The environment of what is measured comes as JSON. */
const PEAK = `
import json, os, sys
pid = os.fork()
if pid == 0:
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2): os.dup2(null, stream)
    os.execve(sys.argv[2], sys.argv[2:], json.loads(sys.argv[1]))
pid, status, usage = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)
`;

/** @returns The most memory that the process had, MiB; `undefined` where Python 3 is not installed. */
export function peak(words, { env, code }) {
  const { status, stdout } = spawnSync("python3", ["-c", PEAK, JSON.stringify(env), ...words], {
    encoding: "utf8",
    cwd: env.HOME,
    timeout: LIMIT,
  });
  if (status !== 0) return undefined;
  const [ended, most] = stdout.split(" ").map(Number);
  expectCode(words, ended, code);
  // In bytes on macOS, elsewhere in KiB.
  return most / (process.platform === "darwin" ? 1024 * 1024 : 1024);
}

/** @returns How many files the process opened; `undefined` where strace is not installed or may not trace. */
export function filesOpened(words, { env, code, folder }) {
  const log = join(folder, "opened");
  const trace = ["-f", "-qq", "-e", "trace=open,openat", "-o", log];
  const result = spawnSync("strace", [...trace, ...words], {
    env,
    cwd: env.HOME,
    stdio: "ignore",
    timeout: LIMIT,
  });
  const text = existsSync(log) ? readFileSync(log, "utf8") : "";
  if (result.error || text === "") return undefined;
  expectCode(words, result.status, code);
  // A call that another thread interrupts stands in two lines, of which the second has the result.
  return text.match(/\bopen(?:at)?(?:\(| resumed).*= \d+$/gm)?.length ?? 0;
}

function expectCode(words, ended, code) {
  if (ended !== code) throw new Error(`${words.join(" ")} ended with ${ended}, not ${code}.`);
}
