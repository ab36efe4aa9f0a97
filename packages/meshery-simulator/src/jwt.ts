import { createPublicKey, generateKeyPair, type KeyObject, randomUUID, sign, verify } from "node:crypto";
import { promisify } from "node:util";

/** A public key as `/keys` publishes it (RFC 7517). Meshery Server needs every member to be a string. */
export interface Jwk {
  readonly kid: string;
  readonly kty: "RSA";
  readonly alg: "RS256";
  readonly use: "sig";
  readonly n: string;
  readonly e: string;
}

export interface SigningKey {
  readonly jwk: Jwk;
  readonly privateKey: KeyObject;
}

/** A fresh RSA key of 2048 bits: half of the real cloud's, so that a simulator starts quickly. */
export async function createSigningKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  return { privateKey, jwk: { kid: `public:${randomUUID()}`, kty: "RSA", alg: "RS256", use: "sig", n, e } };
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Signs claims with RS256 (RFC 7519, RFC 7518 section 3.3). */
export function signJwt(
  claims: Readonly<Record<string, unknown>>,
  key: SigningKey,
  options: { readonly kid?: boolean } = {},
): string {
  const kid = (options.kid ?? true) ? { kid: key.jwk.kid } : {};
  const input = `${encode({ alg: "RS256", ...kid, typ: "JWT" })}.${encode(claims)}`;
  return `${input}.${sign("RSA-SHA256", Buffer.from(input), key.privateKey).toString("base64url")}`;
}

/** The header and the claims of a JWT, not verified. `undefined` when it is none. */
export function parseJwt(
  token: string,
): { readonly header: Record<string, unknown>; readonly claims: Record<string, unknown> } | undefined {
  const parts = token.split(".");
  if (parts.length !== 3) return undefined;
  const [header, claims] = parts.slice(0, 2).map(parseObject);
  return header && claims ? { header, claims } : undefined;
}

function parseObject(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a JWT carries a valid RS256 signature of the key. Nothing else is checked. */
export function verifySignature(token: string, jwk: { readonly n: string; readonly e: string }): boolean {
  const at = token.lastIndexOf(".");
  try {
    const key = createPublicKey({ key: { kty: "RSA", n: jwk.n, e: jwk.e }, format: "jwk" });
    const signature = Buffer.from(token.slice(at + 1), "base64url");
    return verify("RSA-SHA256", Buffer.from(token.slice(0, at)), key, signature);
  } catch {
    return false;
  }
}
