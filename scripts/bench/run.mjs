// Starts measured processes. They inherit nothing but PATH and what is kept on purpose.
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../setup.mjs";

export const PROGRAM = join(root, "packages/cli/bin/run.js");

/** No process takes longer, ms. */
export const LIMIT = 60_000;

/** @returns The environment of a measured process: PATH, HOME, the named variables as they are here, and those given. */
export function environment(home, keep = [], more = {}) {
  const names = ["PATH", ...(process.platform === "win32" ? ["SystemRoot"] : []), ...keep];
  const kept = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...Object.fromEntries(kept), HOME: home, USERPROFILE: home, ...more };
}

/**
 * Runs a program to its end, with pipes, as a script that takes its output does.
 *
 * @returns How long it took, ms.
 * @throws Error when it ends with another code than this, or without printing this. Without a code, any will do.
 */
export function timed([command, ...args], { env, code, shows }) {
  const start = performance.now();
  const result = spawnSync(command, args, {
    env,
    cwd: env.HOME,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LIMIT,
  });
  const taken = performance.now() - start;
  if (result.error) throw result.error;
  const { status, stdout, stderr } = result;
  if ((code !== undefined && status !== code) || shows?.test(stdout) === false)
    throw new Error(`${[command, ...args].join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  return taken;
}

/** The same for a program that needs something of this process meanwhile. @returns What it printed, and how long it took. */
export function run([command, ...args], { env, limit = LIMIT }) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, args, { env, cwd: env.HOME, timeout: limit });
    const printed = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) {
      child[name].setEncoding("utf8").on("data", (text) => {
        printed[name] += text;
      });
    }
    child.stdin.end();
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const taken = performance.now() - start;
      if (code === 0) resolve({ ...printed, taken });
      else
        reject(new Error(`${[command, ...args].join(" ")} ended with ${code ?? signal}:\n${printed.stderr}`));
    });
  });
}
