import type { AuthorizationServer } from "oauth4webapi";
import type { LoginSettings } from "./settings.js";

/**
 * The scope to ask for: what was given, else who the person is, and to stay signed in where the server lists that.
 * Servers that do not know `offline_access` may refuse it, so it is not asked for on a guess.
 */
export function scopeFor(
  { scope, tokenForm }: Pick<LoginSettings, "scope" | "tokenForm">,
  server: AuthorizationServer,
): string {
  if (scope !== undefined) return scope.trim().split(/\s+/).join(" ");
  // A refresh token that is not stored is not asked for.
  return tokenForm === "envelope" && server.scopes_supported?.includes("offline_access")
    ? "openid profile email offline_access"
    : "openid profile email";
}

/** Granted without being listed where the rest of the scope is for one's own API, as at Microsoft Entra. */
const SILENT: ReadonlySet<string> = new Set(["openid", "offline_access"]);

/** Who the person is, which the ID token or userinfo may tell all the same. */
const ABOUT: ReadonlySet<string> = new Set(["profile", "email", "address", "phone"]);

/** What was asked for, and the server says that it did not grant. */
export function notGranted(asked: string | undefined, granted: string | undefined): string[] {
  if (asked === undefined || granted === undefined) return [];
  const names = new Set([...granted.split(" "), ...SILENT, ...ABOUT]);
  return asked.split(/\s+/).filter((name) => !names.has(name));
}

/**
 * What a renewal asks for: what was asked for, as far as it was granted, since more would be refused (RFC 6749 section 6).
 *
 * @param asked - The scope that was given. Without one a renewal names none.
 * @param granted - What the server said of it; absent: all of it.
 */
export function scopeToRenew(asked: string | undefined, granted: string | undefined): string | undefined {
  if (asked === undefined || granted === undefined) return asked;
  const names = new Set(granted.split(" "));
  const left = asked.split(/\s+/).filter((name) => names.has(name) || SILENT.has(name));
  return left.length === 0 ? undefined : left.join(" ");
}
