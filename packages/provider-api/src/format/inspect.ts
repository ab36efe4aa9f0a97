import { decodeBase64 } from "./base64.js";
import { parseJson } from "./json.js";
import type { JsonValue } from "./json-value.js";
import { decodeJwt } from "./jwt.js";
import { parseExpiry } from "./time.js";

/** What can be told about a stored token without asking anybody. Nothing of it is verified. */
export interface TokenInspection {
  /** What it is: empty, a token envelope, a JWT by itself, or anything else. */
  readonly form: "none" | "envelope" | "jwt" | "opaque";
  /** The access token inside. A secret. */
  readonly accessToken?: string;
  /** The refresh token inside. A secret. */
  readonly refreshToken?: string;
  /** The envelope's `token_type`. */
  readonly tokenType?: string;
  /** Whether there is a refresh token. */
  readonly refreshable: boolean;
  /** The end of the access token: the envelope's `expiry`, else the JWT's `exp`. Absent: no end is known. */
  readonly expiresAt?: Date;
  /** The JWT's `iat`. */
  readonly issuedAt?: Date;
  /** The JWT's `sub`. */
  readonly subject?: string;
  /** The JWT's `iss`. */
  readonly issuer?: string;
}

/**
 * Looks into the token of an existing file, leniently: padding, either base64 alphabet and odd members
 * are no obstacle. Never throws.
 */
export function inspectToken(text: string): TokenInspection {
  if (text === "") return { form: "none", refreshable: false };
  const envelope = decodeEnvelope(text);
  if (envelope === undefined) {
    const claims = claimsOf(text);
    return {
      form: claims === undefined ? "opaque" : "jwt",
      accessToken: text,
      refreshable: false,
      ...describe(claims, undefined),
    };
  }
  const accessToken = nonEmptyText(envelope.get("access_token"));
  const refreshToken = nonEmptyText(envelope.get("refresh_token"));
  const tokenType = nonEmptyText(envelope.get("token_type"));
  return {
    form: "envelope",
    ...(accessToken === undefined ? {} : { accessToken }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(tokenType === undefined ? {} : { tokenType }),
    refreshable: refreshToken !== undefined,
    ...describe(accessToken === undefined ? undefined : claimsOf(accessToken), envelope.get("expiry")),
  };
}

type Claims = ReadonlyMap<string, JsonValue>;

function describe(claims: Claims | undefined, expiry: JsonValue | undefined): Partial<TokenInspection> {
  const stored = typeof expiry === "string" ? parseExpiry(expiry) : "none";
  const expiresAt = stored instanceof Date ? stored : numericDate(claims?.get("exp"));
  const issuedAt = numericDate(claims?.get("iat"));
  const subject = nonEmptyText(claims?.get("sub"));
  const issuer = nonEmptyText(claims?.get("iss"));
  return {
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(issuedAt === undefined ? {} : { issuedAt }),
    ...(subject === undefined ? {} : { subject }),
    ...(issuer === undefined ? {} : { issuer }),
  };
}

/** NumericDate of RFC 7519 section 2: seconds since 1970. */
function numericDate(value: JsonValue | undefined): Date | undefined {
  if (typeof value !== "number") return undefined;
  const date = new Date(value * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function decodeEnvelope(text: string): Claims | undefined {
  const decoded = decodeBase64(text.replace(/\s+/g, ""));
  if (decoded === undefined) return undefined;
  try {
    const { value } = parseJson(decoded.bytes, { duplicates: "last" });
    return value instanceof Map ? value : undefined;
  } catch {
    return undefined;
  }
}

function claimsOf(text: string): Claims | undefined {
  const jwt = decodeJwt(text);
  return jwt !== undefined && "claims" in jwt ? jwt.claims : undefined;
}

function nonEmptyText(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
