import type { CredentialState, Details } from "@meshauth/auth-store";
import type { Account } from "@meshauth/provider-api";
import { inspectToken, isLocalName, parseToken } from "@meshauth/provider-api/format";
import { endsWithin, providerTime, TOLERATED_SKEW_MS } from "./credential/held.js";

export { isLocalName };

/** What `auth.json` says, judged at a moment. */
export type Standing = "valid" | "refreshable" | "expired" | "local" | "logged-out" | "damaged" | "unknown";

/**
 * Judges a credential file offline, by the provider's clock as far as it is known. Nothing is verified.
 *
 * @param details - What is known besides, when the credential was written by meshauth.
 * @param refused - Whether the provider has refused to renew it: then only the access token counts.
 */
export function standingOf(
  current: CredentialState,
  now: Date,
  details: Details | undefined,
  refused = false,
): Standing {
  if (current.state === "missing" || current.state === "logged-out") return "logged-out";
  if (current.state === "damaged") return "damaged";
  const { serverName = "", token = "" } = current;
  // Only a login without an account leaves no token; another tool's empty one is the lack of a login.
  if (token === "") return isLocalName(serverName) || details !== undefined ? "local" : "logged-out";
  if (serverName === "") return "unknown";
  const standing = standingOfToken(token, providerTime(now, details));
  return refused && standing === "refreshable" ? "expired" : standing;
}

/** Servers renew a token that has ended, and some do so a little before. */
const SERVERS_RENEW_MS = 60_000;

/**
 * Whether a server that is asked about a token may renew it: it has ended, or does within a minute, and has a refresh
 * token. Meshery Servers since April 2026 do that on their own, and an answer that only says yes or no takes the new
 * token along while the old one is worthless.
 */
export function wouldBeRenewed(token: string, now: Date): boolean {
  return inspectToken(token).refreshable && endsWithin(token, SERVERS_RENEW_MS, now);
}

/**
 * The time by the clock that decides about a token: the provider's, the Meshery Server's where it has told its time.
 * Where both are known, the later.
 *
 * @param serverSkew - Milliseconds by which the server's clock is ahead.
 */
export function decidingTime(now: Date, serverSkew: number | undefined, details: Details | undefined): Date {
  const skews = [serverSkew, details?.clockSkew].filter((skew) => skew !== undefined);
  return skews.length === 0 ? now : new Date(now.getTime() + Math.max(...skews));
}

/** What to say of a clock that differs too much from the provider's; `undefined` when it does not. */
export function clockWarning(details: Details | undefined): string | undefined {
  const skew = details?.clockSkew ?? 0;
  if (Math.abs(skew) <= TOLERATED_SKEW_MS) return undefined;
  const minutes = Math.round(Math.abs(skew) / 60_000);
  return `This machine's clock is ${minutes} min ${skew < 0 ? "ahead of" : "behind"} the provider's.`;
}

/** Judges a token offline by its expiry. A token without one is long-lived. */
export function standingOfToken(token: string, now: Date): "valid" | "refreshable" | "expired" | "unknown" {
  const { form, refreshable, expiresAt } = inspectToken(token);
  if (form === "none" || form === "opaque") return parseToken(token).form === "invalid" ? "unknown" : "valid";
  if (expiresAt === undefined || expiresAt.getTime() > now.getTime()) return "valid";
  return refreshable ? "refreshable" : "expired";
}

/** RFC 9562. */
const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/**
 * Whether a stored credential and a new one belong to the same account, as far as it can be known offline:
 * by the account that was confirmed when it was stored, else by the tokens' subjects, else by the provider's
 * name. Each server has ids of its own (OpenID Connect Core section 2, `sub`), but nobody else has the same UUID.
 * Nobody is helped by a question about a login of which nothing is known.
 */
export function isSameAccount(
  old: { readonly serverName: string; readonly token: string; readonly details: Details | undefined },
  fresh: {
    readonly serverName: string;
    readonly token: string;
    readonly account: Account | null;
    readonly origin?: string;
  },
): boolean {
  if (old.token === fresh.token) return true;
  if (fresh.token === "") return false;
  const known = old.details?.account?.id;
  if (known !== undefined && fresh.account !== null) {
    const [before, now] = [old.details?.providerUrl, fresh.origin];
    const elsewhere = before !== undefined && now !== undefined && before !== now;
    return known === fresh.account.id && (!elsewhere || UUID.test(known));
  }
  const subjects = [old, fresh].map(({ token }) => inspectToken(token).subject);
  if (subjects.every((subject) => subject !== undefined)) return subjects[0] === subjects[1];
  return old.serverName === fresh.serverName;
}
