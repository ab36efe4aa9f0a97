import { constants } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Note } from "./guards.js";

const require = createRequire(import.meta.url);

/** What changes something on the disk, in all of its three forms. */
const WRITERS = [
  ..."appendFile chmod chown copyFile cp lchmod lchown link lutimes mkdir mkdtemp rename rm rmdir".split(" "),
  ..."symlink truncate unlink utimes writeFile".split(" "),
];

/** Those of them whose second path is the one that is written. */
const SECOND: ReadonlySet<string> = new Set(["copyFile", "cp", "link", "rename", "symlink"]);

const WRITING =
  constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;

/** Notes every attempt to change a file. The attempt goes on: what comes of it is the provider's business. */
export function guardFiles(note: Note): void {
  const fs = require("node:fs") as unknown as Record<string, unknown>;
  const promises = fs["promises"] as Record<string, unknown>;
  const watch = (object: Record<string, unknown>, name: string, path: (args: unknown[]) => unknown): void => {
    const original = object[name];
    if (typeof original !== "function") return;
    object[name] = (...args: unknown[]): unknown => {
      const target = path(args);
      // A number is a file that is open already: its opening was seen.
      if (target !== undefined && typeof target !== "number") {
        note("writes", `used ${name} on ${show(target)}`);
      }
      return Reflect.apply(original, object, args);
    };
  };
  for (const name of WRITERS) {
    const path = (args: unknown[]): unknown => args[SECOND.has(name) ? 1 : 0];
    watch(fs, name, path);
    watch(fs, `${name}Sync`, path);
    watch(promises, name, path);
  }
  const opened = ([path, flags = "r"]: unknown[]): unknown => (writes(flags) ? path : undefined);
  for (const [object, name] of [
    [fs, "open"],
    [fs, "openSync"],
    [promises, "open"],
  ] as const) {
    watch(object, name, opened);
  }
  watch(fs, "createWriteStream", ([path]) => path);
}

function writes(flags: unknown): boolean {
  if (typeof flags === "number") return (flags & WRITING) !== 0;
  return typeof flags === "string" && /[wa+]/.test(flags);
}

function show(target: unknown): string {
  try {
    return target instanceof URL ? fileURLToPath(target) : String(target);
  } catch {
    return "a file";
  }
}
