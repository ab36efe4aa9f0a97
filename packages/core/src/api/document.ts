import { MeshauthError } from "../errors/error.js";
import { secretsOfBody } from "../http/index.js";
import type { Secrets } from "../secrets.js";
import type { Answer } from "./answer.js";
import { shownHeaders } from "./headers.js";
import type { ApiDocument } from "./types.js";

/** The largest body, in bytes, that becomes part of a document. */
const LARGEST = 16 * 1024 * 1024;

/**
 * Reads an answer to its end, for one JSON document. Tokens in it become known, so that none is printed.
 *
 * @throws MeshauthError `MESHAUTH_E_PROTOCOL` when it is too large; what reading it throws.
 */
export async function readDocument(answer: Answer, secrets: Secrets): Promise<ApiDocument> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.byteLength;
    if (size > LARGEST) throw tooLarge(answer);
    chunks.push(chunk);
  }
  const text = new TextDecoder().decode(Buffer.concat(chunks, size));
  for (const secret of secretsOfBody(text)) secrets.add(secret);
  return {
    status: answer.status,
    headers: joined(shownHeaders(answer.headers)),
    body: parsed(text, answer.headers.get("content-type") ?? ""),
  };
}

function joined(headers: readonly (readonly [string, string])[]): Record<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of headers) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(all);
}

/** Many handlers of Meshery Servers call their JSON plain text. A number or a word in such a text is a text. */
function parsed(text: string, type: string): unknown {
  if (!/^[^;]*\bjson\b/i.test(type) && !/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function tooLarge({ url }: Answer): MeshauthError {
  return new MeshauthError("MESHAUTH_E_PROTOCOL", {
    message: `The answer of ${url.host} is too large for one JSON document.`,
    why: "It holds more than 16 MiB.",
    next: ["Leave out --json: then an answer of any size is printed as it comes."],
  });
}
