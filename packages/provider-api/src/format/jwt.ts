import { decodeBase64 } from "./base64.js";
import { parseJson } from "./json.js";
import type { JsonValue } from "./json-value.js";

/** The two readable parts of a signed JWT (RFC 7519). The signature is not checked. */
export interface DecodedJwt {
  readonly header: ReadonlyMap<string, JsonValue>;
  readonly claims: ReadonlyMap<string, JsonValue>;
}

const THREE_PARTS = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)$/;

/**
 * Decodes the compact form of a JWT (RFC 7515 section 3.1).
 *
 * @returns `undefined` when it is none; a reason when its first part is that of a JWT and the rest is not.
 */
export function decodeJwt(text: string): DecodedJwt | { readonly reason: string } | undefined {
  const match = THREE_PARTS.exec(text);
  if (match === null) return undefined;
  const header = decodeObject(match[1] ?? "");
  if (typeof header?.get("alg") !== "string") return undefined;
  const claims = decodeObject(match[2] ?? "");
  if (claims === undefined) return { reason: "it is a JWT whose claims cannot be read" };
  if (match[3] === "") return { reason: "it is a JWT without a signature" };
  return { header, claims };
}

function decodeObject(part: string): ReadonlyMap<string, JsonValue> | undefined {
  const decoded = decodeBase64(part);
  if (decoded === undefined) return undefined;
  try {
    const { value, bom } = parseJson(decoded.bytes, { duplicates: "last" });
    return value instanceof Map && !bom ? value : undefined;
  } catch {
    return undefined;
  }
}
