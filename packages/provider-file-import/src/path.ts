import { lstat } from "node:fs/promises";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { refusal } from "./refusal.js";

/**
 * The path that was meant. A terminal that a file is dropped on types its name quoted, with backslashes, or
 * as a `file:` address (RFC 8089). A file that has exactly the given name comes first.
 *
 * @param home - For a leading `~`.
 * @throws {@link ProviderError} `input`
 */
export async function resolvePath(given: string, home: string | undefined): Promise<string> {
  const literal = expandHome(given, home);
  return (await exists(literal)) ? literal : expandHome(unquote(given.trim()), home);
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function expandHome(path: string, home: string | undefined): string {
  if (path !== "~" && !path.startsWith("~/") && !path.startsWith(`~${sep}`)) return path;
  if (home === undefined) throw refusal(path, "there is no home directory that ~ could stand for");
  return join(home, path.slice(1));
}

function unquote(text: string): string {
  const quoted = /^(['"])(.*)\1$/s.exec(text);
  const inner = quoted?.[2] ?? text;
  if (/^file:/i.test(inner)) return fromAddress(inner);
  // Between single quotes a backslash is one; on Windows it separates folders.
  if (sep === "\\" || quoted?.[1] === "'") return inner;
  return quoted ? inner.replace(/\\(["\\$`])/g, "$1") : inner.replace(/\\(.)/gs, "$1");
}

function fromAddress(address: string): string {
  try {
    return fileURLToPath(new URL(address));
  } catch (cause) {
    throw refusal(address, "it is not the address of a file on this machine", [], cause);
  }
}
