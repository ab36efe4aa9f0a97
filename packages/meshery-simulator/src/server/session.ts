import { decodeEnvelope } from "../envelope.js";
import { isAnswer, type Outcome, withHeaders } from "../http/answer.js";
import { deleteCookie, setCookie } from "../http/cookies.js";
import type { Recorded } from "../http/recorded.js";
import type { RouteHandler } from "../http/router.js";
import { DAY, namedProvider, type ServerContext } from "./context.js";
import { localUser } from "./local-user.js";
import { badToken, failure, noProvider, noToken, unreachable } from "./refusals.js";
import type { RegisteredProvider } from "./registry.js";
import { Unreachable } from "./upstream.js";
import { checkToken, type RemoteParts } from "./validity.js";

/** Who a request comes from, once provider, token and user are settled. */
export interface Caller {
  readonly provider: RegisteredProvider;
  /** Empty for the local provider. */
  readonly token: string;
  readonly user: Record<string, unknown>;
}

export type SessionHandler = (
  caller: Caller,
  request: Recorded,
  parameter: string,
) => Outcome | Promise<Outcome>;

/** Wraps a handler in the provider, auth and session steps. */
export function withSession(context: ServerContext, handler: SessionHandler): RouteHandler {
  return async (request, parameter) => {
    const { faults, rules } = context;
    const named = namedProvider(context, request);
    if (!named) return noProvider(request);
    const { provider } = named;
    if (provider.type === "local")
      return handler({ provider, token: "", user: localUser(rules) }, request, parameter);
    const sent = request.cookies.get("token") ?? "";
    if (sent === "") return noToken(context, request, provider);

    const parts = context.remote(provider);
    const validity = await checkToken(rules, parts, sent);
    if (validity.kind === "panic") return { kind: "close" };
    if (validity.kind === "unreachable") return unreachable(context);
    if (validity.kind === "refused") return badToken(context, request, named);

    const forced = faults.strikes("set-cookie-new", request);
    const token = (forced ? await parts.renewals.renew(validity.token) : undefined) ?? validity.token;
    const step = await userOf(context, parts, token);
    if (step.kind === "down" && rules.jsonErrors) return unreachable(context);
    if (step.kind !== "user") return ended(context, request, parts, token);

    const outcome = await handler({ provider, token: step.token, user: step.user }, request, parameter);
    if (!isAnswer(outcome)) return outcome;
    if (faults.strikes("set-cookie-empty", request)) return withHeaders(outcome, [deleteCookie("token")]);
    return step.token === sent ? outcome : withHeaders(outcome, [setCookie("token", step.token, DAY)]);
  };
}

type UserStep =
  | { readonly kind: "user"; readonly user: Record<string, unknown>; readonly token: string }
  | { readonly kind: "denied" }
  | { readonly kind: "down" };

/** The session step: asks the cloud for the user, and once more after a refresh when it says 401. */
async function userOf(
  { rules }: ServerContext,
  { upstream, renewals }: RemoteParts,
  token: string,
): Promise<UserStep> {
  try {
    const user = await upstream.profile(token);
    if (typeof user === "object") return { kind: "user", user, token };
    if (user === 403 && rules.era !== "2021") return { kind: "denied" };
    // Since mid 2026 a token that cannot be refreshed is not tried.
    if (rules.resolver && !hasRefreshToken(token)) return { kind: "denied" };
    const fresh = await renewals.renew(token);
    if (fresh === undefined || fresh === "") return { kind: "denied" };
    const again = await upstream.profile(fresh);
    return typeof again === "object" ? { kind: "user", user: again, token: fresh } : { kind: "denied" };
  } catch (error) {
    if (error instanceof Unreachable) return { kind: "down" };
    throw error;
  }
}

function hasRefreshToken(token: string): boolean {
  const envelope = decodeEnvelope(token);
  return typeof envelope !== "string" && (envelope.refresh_token ?? "") !== "";
}

/** Signs out where there is a browser session; a program has none and is redirected. */
async function ended(
  context: ServerContext,
  request: Recorded,
  parts: RemoteParts,
  token: string,
): Promise<Outcome> {
  const cookie = request.cookies.get("session_cookie") ?? "";
  const named = namedProvider(context, request);
  if (cookie === "" && named) return badToken(context, request, { ...named, by: "cookie" });
  await parts.upstream.logout(token, cookie);
  return withHeaders(failure(context, 401, "The session is over.", "Sign in again."), [
    deleteCookie("token"),
  ]);
}
