import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The path of the kit's own `package.json`. */
function manifestPath(): string {
  return createRequire(import.meta.url).resolve("@meshauth/provider-testkit/package.json");
}

/** The module of the child, as it was compiled: plain node runs it, also where the sources are run as they are. */
export function childModule(): string {
  return join(dirname(manifestPath()), "dist", "child", "main.js");
}

/** The kit's version. */
export function kitVersion(): string {
  return (JSON.parse(readFileSync(manifestPath(), "utf8")) as { version: string }).version;
}
