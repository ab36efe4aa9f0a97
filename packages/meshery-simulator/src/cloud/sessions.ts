import { randomBytes, randomUUID } from "node:crypto";
import { decodeEnvelope, type Envelope, encodeEnvelope } from "../envelope.js";
import { type SigningKey, signJwt } from "../jwt.js";
import type { User } from "../users.js";

/** One sign-in, or one API token. */
export interface Session {
  readonly id: string;
  readonly user: User;
  /** No token of it works any more. */
  ended: boolean;
}

/** What a token is to look like. The default: valid for as long as the simulator says, with a refresh token. */
export interface TokenOptions {
  /** Id, short id or email of a built-in user. Default: the first. */
  readonly user?: string;
  /** Seconds until the access token expires; negative: since it did. Default: the simulator's `tokenLifetime`. */
  readonly expiresIn?: number;
  /** The access token expired a minute ago. */
  readonly expired?: boolean;
  /** Neither `exp` nor `expiry`, as API tokens have it. */
  readonly noExp?: boolean;
  /** As `noExp`, with the `expiry` that Go writes for no time: year 1. */
  readonly zeroExpiry?: boolean;
  readonly noRefresh?: boolean;
  /** The access token is no JWT. */
  readonly opaque?: boolean;
  /** Only the access token, without the envelope. */
  readonly bare?: boolean;
  /** The envelope's base64 has a `+` in it. */
  readonly plus?: boolean;
  /** The JWT's header has no `kid`: Meshery Server's handler panics on it. */
  readonly noKid?: boolean;
  /** Signed with a key that the cloud does not publish under this `kid`. */
  readonly forged?: SigningKey;
}

/** A refresh token that came a second time. It ended the session. */
export interface Reuse {
  readonly at: Date;
  readonly session: string;
}

export type RefreshResult =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly why: "unknown" | "reused" | "ended" };

export interface Sessions {
  readonly reuses: Reuse[];
  /** How many refreshes succeeded. */
  refreshes(): number;
  /** Starts a session. @returns its token, in one line. */
  issue(
    user: User,
    options?: Omit<TokenOptions, "user">,
  ): { readonly token: string; readonly session: Session };
  /** The session that an access token is good for now. */
  active(accessToken: string): Session | undefined;
  /** Trades a refresh token for a new pair; the old pair is dead afterwards unless `keep` is set. */
  refresh(refreshToken: string, keep?: boolean): RefreshResult;
  /** Ends the session of a refresh token. Unknown ones are ignored (RFC 7009 section 2.2). */
  revoke(refreshToken: string): void;
  /** The session that a token in any form belongs to, ended or not. */
  find(token: string): Session | undefined;
}

const LIFETIME = 3601;

/**
 * @param issuer - `iss` of the tokens.
 * @param lifetime - Seconds for which an access token is valid. Default 3601.
 */
export function createSessions(options: {
  readonly key: SigningKey;
  readonly now: () => Date;
  readonly issuer: () => string;
  readonly lifetime?: number | undefined;
}): Sessions {
  const { key, now, issuer, lifetime = LIFETIME } = options;
  const accessTokens = new Map<string, { session: Session; expires: number; superseded: boolean }>();
  const refreshTokens = new Map<string, { session: Session; access: string; used: boolean }>();
  const reuses: Reuse[] = [];
  let refreshes = 0;

  function mint(session: Session, wanted: Omit<TokenOptions, "user">): Envelope {
    const seconds = Math.floor(now().getTime() / 1000);
    const endless = wanted.noExp === true || wanted.zeroExpiry === true;
    const expires = seconds + (wanted.expiresIn ?? (wanted.expired === true ? -60 : lifetime));
    const issued = Math.min(seconds, expires - lifetime);
    const claims = {
      aud: [],
      client_id: "meshery-cloud",
      ...(endless ? {} : { exp: expires }),
      ext: {},
      iat: issued,
      iss: issuer(),
      jti: randomUUID(),
      nbf: issued,
      scp: ["openid", "offline"],
      sub: [session.user.id, session.user.identityProvider]
        .map((part) => Buffer.from(part).toString("base64"))
        .join(":"),
    };
    const access =
      wanted.opaque === true
        ? randomBytes(32).toString("base64url")
        : signJwt(claims, wanted.forged ?? key, { kid: wanted.noKid !== true });
    accessTokens.set(access, {
      session,
      expires: endless ? Number.POSITIVE_INFINITY : expires,
      superseded: false,
    });
    let refresh: string | undefined;
    if (wanted.noRefresh !== true) {
      const part = (): string => randomBytes(32).toString("base64url");
      // Three tildes put a plus into the base64 wherever they fall.
      refresh = `${part()}.${part()}${wanted.plus === true ? "~~~" : ""}`;
      refreshTokens.set(refresh, { session, access, used: false });
    }
    // The real cloud's expiry is a fraction of a second before exp.
    const expiry = new Date(expires * 1000 - 217).toISOString().replace("Z", "448201Z");
    return {
      access_token: access,
      token_type: "bearer",
      ...(refresh === undefined ? {} : { refresh_token: refresh }),
      ...(wanted.zeroExpiry === true ? { expiry: "0001-01-01T00:00:00Z" } : endless ? {} : { expiry }),
    };
  }

  return {
    reuses,
    refreshes: () => refreshes,
    issue(user, wanted = {}) {
      const session: Session = { id: randomUUID(), user, ended: false };
      const envelope = mint(session, wanted);
      return { session, token: wanted.bare === true ? envelope.access_token : encodeEnvelope(envelope) };
    },
    active(accessToken) {
      const known = accessTokens.get(accessToken);
      if (!known || known.superseded || known.session.ended) return undefined;
      return known.expires * 1000 > now().getTime() ? known.session : undefined;
    },
    refresh(refreshToken, keep = false) {
      const known = refreshTokens.get(refreshToken);
      if (!known) return { ok: false, why: "unknown" };
      if (known.used) {
        reuses.push({ at: now(), session: known.session.id });
        known.session.ended = true;
        return { ok: false, why: "reused" };
      }
      if (known.session.ended) return { ok: false, why: "ended" };
      refreshes += 1;
      const envelope = mint(known.session, { noRefresh: keep });
      if (keep) return { ok: true, token: encodeEnvelope({ ...envelope, refresh_token: refreshToken }) };
      known.used = true;
      const old = accessTokens.get(known.access);
      if (old) old.superseded = true;
      return { ok: true, token: encodeEnvelope(envelope) };
    },
    revoke(refreshToken) {
      const known = refreshTokens.get(refreshToken);
      if (known) known.session.ended = true;
    },
    find(token) {
      const envelope = decodeEnvelope(token);
      if (typeof envelope === "string") return accessTokens.get(token)?.session;
      const byRefresh = refreshTokens.get(envelope.refresh_token ?? "");
      return (byRefresh ?? accessTokens.get(envelope.access_token))?.session;
    },
  };
}
