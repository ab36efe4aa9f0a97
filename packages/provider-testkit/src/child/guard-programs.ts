import { createRequire } from "node:module";
import type { Note } from "./guards.js";

const require = createRequire(import.meta.url);

/** A program that is not there: what is started becomes this. */
const NOTHING = "/nonexistent/meshauth-conformance";

/** Notes every attempt to start a program, and lets it fail as if the program were not installed. */
export function guardPrograms(note: Note): void {
  const processes = require("node:child_process") as Record<string, unknown>;
  const { ChildProcess } = processes as { ChildProcess: { prototype: Record<string, unknown> } };
  const spawn = ChildProcess.prototype["spawn"];
  if (typeof spawn !== "function") return;
  ChildProcess.prototype["spawn"] = function (this: unknown, options: { readonly file?: unknown }): unknown {
    note("starts", `started ${String(options.file)}`);
    return Reflect.apply(spawn, this, [{ ...options, file: NOTHING }]);
  };
  const missing = Object.assign(new Error("spawnSync ENOENT"), { code: "ENOENT" });
  processes["spawnSync"] = (file: unknown): unknown => {
    note("starts", `started ${String(file)}`);
    return { pid: 0, output: [], stdout: "", stderr: "", status: null, signal: null, error: missing };
  };
  for (const name of ["execSync", "execFileSync"]) {
    processes[name] = (file: unknown): never => {
      note("starts", `started ${String(file)}`);
      throw missing;
    };
  }
}
