import { encodeBase64 } from "./base64.js";
import { parseJson } from "./json.js";
import { isJsonError, JsonError, type JsonValue, namedType } from "./json-value.js";
import { quoteAsGo, showKey } from "./text.js";
import { parseExpiry } from "./time.js";

/** The parts of a token envelope: the JSON of Go's `oauth2.Token`. */
export interface EnvelopeParts {
  /** `access_token`. */
  readonly accessToken: string;
  /** `refresh_token`. */
  readonly refreshToken?: string;
  /** `token_type`. */
  readonly tokenType?: string;
  /** `expiry`, RFC 3339; absent: the access token does not end. */
  readonly expiry?: string;
}

const MEMBERS = ["access_token", "token_type", "refresh_token", "expiry", "expires_in"] as const;

/** What an access or refresh token consists of (RFC 6749 appendix A.12 and A.17). */
const VISIBLE_ASCII = /^[\x20-\x7e]+$/;

/**
 * Checks the decoded text of a token envelope.
 *
 * @returns The parts, or the reason why a Meshery Server or its provider could not use it.
 */
export function readEnvelope(bytes: Uint8Array): EnvelopeParts | { readonly reason: string } {
  try {
    const { value, bom } = parseJson(bytes, { maxDepth: 16 });
    if (bom) return { reason: "its JSON starts with a byte-order mark" };
    if (!(value instanceof Map)) return { reason: "its JSON is not an object" };
    return readMembers(value);
  } catch (error) {
    if (isJsonError(error)) return { reason: error.reason };
    throw error;
  }
}

function readMembers(object: ReadonlyMap<string, JsonValue>): EnvelopeParts {
  for (const key of object.keys()) {
    const meant = MEMBERS.find((member) => member === foldCase(key));
    if (meant !== undefined && meant !== key) throw new JsonError(`the key ${showKey(key)} is misspelled`);
  }
  const accessToken = optionalText(object, "access_token");
  if (accessToken === undefined) throw new JsonError("it has no access_token");
  const refreshToken = optionalText(object, "refresh_token");
  const tokenType = optionalText(object, "token_type");
  if (tokenType !== undefined && tokenType.toLowerCase() !== "bearer") {
    throw new JsonError("its token_type is not bearer");
  }
  const expiry = optionalText(object, "expiry");
  const end = expiry === undefined ? "none" : parseExpiry(expiry);
  if (end === "invalid") throw new JsonError("its expiry is not an RFC 3339 time");
  const seconds = object.get("expires_in") ?? null;
  if (seconds !== null && !Number.isInteger(seconds)) throw new JsonError("its expires_in is not a number");
  return {
    accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(tokenType === undefined ? {} : { tokenType }),
    ...(expiry === undefined || end === "none" ? {} : { expiry }),
  };
}

/** Go finds members without regard to case, in the way of Unicode: U+017F is an s, U+212A is a k. */
function foldCase(key: string): string {
  return key.toUpperCase().toLowerCase();
}

/** Go reads `null` as if the member were absent, and leaves empty members out when it writes. */
function optionalText(object: ReadonlyMap<string, JsonValue>, key: string): string | undefined {
  const value = object.get(key) ?? null;
  if (value === null || value === "") return undefined;
  if (typeof value !== "string") throw new JsonError(`its ${key} is ${namedType(value)}, not a string`);
  if (!VISIBLE_ASCII.test(value)) throw new JsonError(`its ${key} has characters that no token may have`);
  return value;
}

/**
 * Writes a token envelope as Go's `oauth2.Token` is marshalled and Meshery encodes it: members in the
 * order `access_token`, `token_type`, `refresh_token`, `expiry`, empty ones left out, in unpadded
 * standard base64.
 *
 * @param parts - `tokenType` is `bearer` when absent.
 * @throws {@link JsonError} when `parseToken` would refuse what came out.
 */
export function encodeEnvelope(parts: EnvelopeParts): string {
  const members = [
    ["access_token", parts.accessToken],
    ["token_type", parts.tokenType || "bearer"],
    ["refresh_token", parts.refreshToken],
    ["expiry", parts.expiry],
  ] as const;
  const json = members
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([key, value]) => `"${key}":${quoteAsGo(value ?? "")}`)
    .join(",");
  const checked = readEnvelope(Buffer.from(`{${json}}`, "utf8"));
  if ("reason" in checked) throw new JsonError(checked.reason);
  return encodeBase64(`{${json}}`);
}
