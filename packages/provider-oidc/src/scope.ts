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
