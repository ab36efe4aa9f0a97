import { empty, json, type Outcome, redirect, text, withHeaders } from "../http/answer.js";
import { deleteCookie, setCookie } from "../http/cookies.js";
import type { Recorded } from "../http/recorded.js";
import { type NamedProvider, PROVIDER_COOKIE, RETRIES_COOKIE, type ServerContext } from "./context.js";
import { loginAddress } from "./login-address.js";
import type { RemoteProvider } from "./registry.js";

const RETRIES = 3;
const RETRIES_AGE = 120;

/** An error in the era's form: plain text, or since 2026 JSON with its remedies. */
export function failure(
  { rules }: Pick<ServerContext, "rules">,
  status: number,
  error: string,
  remedy: string,
): ReturnType<typeof json> {
  if (!rules.jsonErrors) return text(status, `${error}\n`);
  const body = {
    error,
    code: `meshery-server-${status}`,
    severity: "ERROR",
    probableCause: [error],
    suggestedRemediation: [remedy],
    longDescription: [error],
  };
  return withHeaders(json(status, body, "application/json; charset=utf-8"), [
    ["X-Content-Type-Options", "nosniff"],
  ]);
}

/** The request names no provider, or one that is not registered. */
export function noProvider(request: Recorded): Outcome {
  return redirect(`/provider?${request.query}`);
}

/** A remote provider and no token. Other methods than GET get a 404 without a body. */
export function noToken(context: ServerContext, request: Recorded, provider: RemoteProvider): Outcome {
  return request.method === "GET"
    ? redirect(loginAddress(context.rules, request, provider, request.target))
    : empty(404);
}

/** A token that is not accepted: never a 401 at first, but a redirect that deletes the token. */
export function badToken(context: ServerContext, request: Recorded, { by }: NamedProvider): Outcome {
  if (by === "header" || by === "query") return redirect("/provider");
  const again = withHeaders(redirect(`/auth/login?${request.query}`), [deleteCookie("token")]);
  if (!context.rules.jsonErrors) return again;
  const retries = Number.parseInt(request.cookies.get(RETRIES_COOKIE) ?? "0", 10) || 0;
  if (retries < RETRIES)
    return withHeaders(again, [setCookie(RETRIES_COOKIE, `${retries + 1}`, RETRIES_AGE)]);
  return withHeaders(
    failure(context, 401, "The session has expired or is invalid.", "Sign in again."),
    ["token", PROVIDER_COOKIE, RETRIES_COOKIE].map(deleteCookie),
  );
}

/** The cloud cannot be reached. Only since April 2026 is that told apart from a bad token. */
export function unreachable(context: ServerContext): Outcome {
  return failure(context, 503, "The remote provider cannot be reached.", "Try again later.");
}
