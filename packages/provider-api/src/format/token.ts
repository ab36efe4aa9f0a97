import { type Base64Form, decodeBase64 } from "./base64.js";
import { type EnvelopeParts, readEnvelope } from "./envelope.js";
import { parseJson } from "./json.js";
import { decodeJwt } from "./jwt.js";

/** What a text is when it is taken as a token. */
export type TokenForm =
  /** Unpadded standard base64 of the JSON of an OAuth 2.0 token, as Meshery Servers hand it out. */
  | ({ readonly form: "envelope" } & EnvelopeParts)
  /** A signed JWT by itself. */
  | { readonly form: "jwt" }
  /** An API token, whose inside is nobody's business; `warning` when a Meshery Server may not read it. */
  | { readonly form: "opaque"; readonly warning?: string }
  /** Not to be stored; `reason` completes "the token is refused: …". */
  | { readonly form: "invalid"; readonly reason: string };

const LONGEST_TOKEN = 32 * 1024;
const LONGEST_OPAQUE = 4096;
const SHORTEST_OPAQUE = 8;

/** `b64token` of RFC 6750 section 2.1. */
const BEARER_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

const NOT_STANDARD: Readonly<Record<Exclude<Base64Form, "strict">, string>> = {
  padded: "it is padded base64; Meshery Servers read it without the = at the end only",
  "url-safe": "it is URL-safe base64; Meshery Servers read the standard alphabet, with + and /, only",
  sloppy: "its last character is not one that base64 could end with; it may be cut off",
};

const UNREADABLE =
  "This token happens to be valid base64 that holds no token; some Meshery Servers cannot read such a one.";

/**
 * Tells what a token is, strictly: for every text that is handed in. What a Meshery Server would not read
 * as it is meant comes back as `invalid`, with the reason.
 */
export function parseToken(text: string): TokenForm {
  if (text === "") return invalid("it is empty");
  if (text.length > LONGEST_TOKEN) return invalid("it is longer than 32 KiB");
  if (text.startsWith("{"))
    return invalid("it is JSON, such as a whole auth.json, where a token by itself is due");
  if (!BEARER_TOKEN.test(text)) return invalid("it has characters that no token may have");
  const jwt = decodeJwt(text);
  if (jwt !== undefined) return "reason" in jwt ? invalid(jwt.reason) : { form: "jwt" };
  return parseEnvelope(text) ?? parseOpaque(text);
}

function parseEnvelope(text: string): TokenForm | undefined {
  const decoded = decodeBase64(text);
  // A length that base64 cannot have: an envelope that lost its end, if it starts as one.
  if (decoded === undefined)
    return looksLikeJson(decodeBase64(text.slice(0, -1))?.bytes) ? cutOff() : undefined;
  if (!looksLikeJson(decoded.bytes)) return undefined;
  if (decoded.form !== "strict" && holdsJson(decoded.bytes)) return invalid(NOT_STANDARD[decoded.form]);
  if (!holdsJson(decoded.bytes)) return cutOff();
  const envelope = readEnvelope(decoded.bytes);
  return "reason" in envelope ? invalid(envelope.reason) : { form: "envelope", ...envelope };
}

function parseOpaque(text: string): TokenForm {
  if (text.length < SHORTEST_OPAQUE) return invalid("it is too short for a token");
  if (text.length > LONGEST_OPAQUE)
    return invalid("it is longer than any API token and is no token envelope");
  const form = decodeBase64(text)?.form;
  return form === "strict" || form === "sloppy"
    ? { form: "opaque", warning: UNREADABLE }
    : { form: "opaque" };
}

/** Whether bytes start as a JSON object does; two random bytes do so once in ten thousand times. */
function looksLikeJson(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined && /^\{["}\s]/.test(Buffer.from(bytes.subarray(0, 2)).toString("latin1"));
}

function holdsJson(bytes: Uint8Array): boolean {
  try {
    parseJson(bytes, { duplicates: "last" });
    return true;
  } catch {
    return false;
  }
}

function cutOff(): TokenForm {
  return invalid("it starts as a token envelope and is cut off or damaged");
}

function invalid(reason: string): TokenForm {
  return { form: "invalid", reason };
}
