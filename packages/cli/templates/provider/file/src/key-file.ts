import { readFile, stat } from "node:fs/promises";
import { type Host, isProviderError, ProviderError } from "@meshauth/provider-api";
import { isJsonError, parseJson, parseToken } from "@meshauth/provider-api/format";
import { TITLE } from "./about.js";

/** A key file is a few hundred bytes. */
const LIMIT = 64 * 1024;

/**
 * Reads the token of a key file: `{"token": "…"}`.
 *
 * @param path - A path, or `-` for standard input.
 * @throws {@link ProviderError} `input`, with a reason that holds nothing of the file.
 */
export async function readKeyFile(path: string, host: Host): Promise<string> {
  const bytes = path === "-" ? await host.readStdin(LIMIT) : await readBytes(path);
  const token = tokenIn(bytes);
  host.secret(token);
  const found = parseToken(token);
  if (found.form === "invalid") throw refusal(`its token is refused: ${found.reason}`);
  return token;
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    // What never ends, or waits for a writer, is not opened at all.
    const stats = await stat(path);
    if (!stats.isFile()) throw refusal("it is not a regular file");
    if (stats.size > LIMIT) throw refusal("it is too large for a key file");
    return await readFile(path);
  } catch (error) {
    if (isProviderError(error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw refusal(code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`);
  }
}

function tokenIn(bytes: Uint8Array): string {
  try {
    const { value } = parseJson(bytes);
    const token = value instanceof Map ? value.get("token") : undefined;
    if (typeof token === "string") return token;
  } catch (error) {
    // Unlike the one of JSON.parse, this error quotes nothing.
    if (isJsonError(error)) throw refusal(error.reason);
    throw error;
  }
  throw refusal('it has no "token"');
}

function refusal(reason: string): ProviderError {
  return new ProviderError("input", "The key file cannot be used.", {
    reason: `It was refused: ${reason}.`,
    next: [`Download a new key file from ${TITLE}.`],
  });
}
