import { randomBytes } from "node:crypto";

/** A made-up credential. */
export interface MadeUp {
  /** Unpadded standard base64 of the JSON of an OAuth 2.0 token. */
  readonly token: string;
  readonly access: string;
  readonly refresh: string;
}

export interface MadeUpOptions {
  /** Seconds from now; absent: an hour. `null`: no end. */
  readonly expiresIn?: number | null;
  readonly refresh?: boolean;
  readonly subject?: string;
}

/** A token envelope around a JWT that nobody signed. */
export function madeUpToken({
  expiresIn = 3600,
  refresh = true,
  subject = "u-1",
}: MadeUpOptions = {}): MadeUp {
  const end = expiresIn === null ? undefined : Math.floor(Date.now() / 1000) + expiresIn;
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    sub: subject,
    iss: "https://issuer.example",
    jti: canary(),
    ...(end === undefined ? {} : { exp: end }),
  };
  const access = `${part({ alg: "RS256", typ: "JWT", kid: "public:1" })}.${part(claims)}.${canary()}`;
  const refreshToken = refresh ? `${canary()}.${canary()}` : "";
  const envelope = {
    access_token: access,
    token_type: "bearer",
    ...(refresh ? { refresh_token: refreshToken } : {}),
    ...(end === undefined ? {} : { expiry: new Date(end * 1000).toISOString() }),
  };
  const token = Buffer.from(JSON.stringify(envelope)).toString("base64").replace(/=+$/, "");
  return { token, access, refresh: refreshToken };
}

/** The content of an `auth.json`. */
export function authJson(
  provider: string,
  token: string,
  more: Readonly<Record<string, string>> = {},
): string {
  return `${JSON.stringify({ "meshery-provider": provider, token, ...more })}\n`;
}

/** Text that must never be printed. */
export function canary(): string {
  return `SECRET-CANARY-${randomBytes(18).toString("base64url")}`;
}

/** Length of a piece of a secret that counts as a leak. */
const PIECE = 20;

/**
 * What of some secrets is in a text: in any spelling, whole or a piece of 20 characters.
 *
 * @returns the pieces; an empty list is what a test wants to see.
 */
export function leaksOf(text: string, secrets: readonly string[]): string[] {
  const spellings = secrets.flatMap((secret) => {
    const bytes = Buffer.from(secret);
    return [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      bytes.toString("base64").replace(/=+$/, ""),
      bytes.toString("base64url"),
      bytes.toString("hex"),
      bytes.toString("hex").replace(/../g, "$& ").trim(),
      bytes.toJSON().data.join(", "),
    ];
  });
  const pieces = new Set<string>();
  for (const spelling of spellings.filter((text) => text !== "")) {
    if (spelling.length < PIECE) pieces.add(spelling);
    for (let start = 0; start + PIECE <= spelling.length; start += PIECE / 2) {
      pieces.add(spelling.slice(start, start + PIECE));
    }
  }
  return [...pieces].filter((piece) => text.includes(piece));
}
