import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Home } from "./program.js";

/** Writes a file with its folders, private unless another mode is given, whatever the umask. */
export function put(path: string, content: string | Uint8Array, mode = 0o600): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

/** `config.yaml` of a home. */
export function putConfig(home: Home, text: string): string {
  return put(`${home.meshery}/config.yaml`, text, 0o644);
}

/** A config with one server and one credential file for every context. The first context is the current one. */
export function configText(
  contexts: Readonly<Record<string, { endpoint: string; location?: string }>>,
): string {
  const names = Object.keys(contexts);
  const lines = names.flatMap((name) => [
    `  ${name}:`,
    `    endpoint: ${contexts[name]?.endpoint}`,
    `    token: ${name}-token`,
    "    platform: kubernetes",
  ]);
  const tokens = names.flatMap((name) => [
    `  - name: ${name}-token`,
    `    location: ${contexts[name]?.location ?? "auth.json"}`,
  ]);
  return ["contexts:", ...lines, `current-context: ${names[0]}`, "tokens:", ...tokens, ""].join("\n");
}

export function modeOf(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8).padStart(4, "0");
}

/** The content of a credential file, which must be the map of strings that mesheryctl reads. */
export function readAuth(path: string): Readonly<Record<string, string>> {
  const value: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError(`${path} holds no object.`);
  for (const [key, member] of Object.entries(value)) {
    if (typeof member !== "string") throw new TypeError(`${path}: the value of ${key} is not a string.`);
  }
  return value as Record<string, string>;
}
