import { empty, html, type Outcome, redirect, withHeaders } from "../http/answer.js";
import { deleteCookie, setCookie } from "../http/cookies.js";
import type { Recorded } from "../http/recorded.js";
import type { Routes } from "../http/router.js";
import { DAY, namedProvider, PROVIDER_COOKIE, type ServerContext } from "./context.js";
import { loginAddress, safeRef } from "./login-address.js";
import { chooserPage } from "./pages.js";
import { failure } from "./refusals.js";

/** The addresses that a browser passes on its way in and out. */
export function browserRoutes(context: ServerContext): Routes {
  const { enforced, registry, rules } = context;

  function chooser(): Outcome {
    const only = enforced === undefined ? undefined : registry.resolve(enforced);
    if (!only) return html(200, chooserPage(registry.providers));
    return withHeaders(redirect("/user/login"), [setCookie(PROVIDER_COOKIE, only.key)]);
  }

  async function callback(request: Recorded): Promise<Outcome> {
    const named = namedProvider(context, request);
    if (!named) return redirect("/provider");
    if (named.provider.type === "local") return empty(200);
    const cookies = ["token", "session_cookie"].map((name) =>
      setCookie(name, request.query.get(name) ?? "", DAY),
    );
    try {
      await context.remote(named.provider).upstream.capabilities();
    } catch {
      if (rules.resolver)
        return failure(context, 500, "capabilities could not be fetched", "Try again later.");
    }
    return withHeaders(redirect(safeRef(request.query.get("ref"))), cookies);
  }

  return {
    "GET /provider": chooser,
    "GET /auth/login": chooser,
    "GET /auth/redirect": (request) =>
      withHeaders(html(200, chooserPage(registry.providers)), [
        setCookie("token", request.query.get("token") ?? "", DAY),
      ]),
    "ANY /api/provider": (request) => {
      const provider = registry.resolve(request.query.get("provider") ?? "");
      if (!provider) return rules.resolver ? redirect("/provider") : empty(200);
      const local = provider.type === "local" && !rules.localLoginRedirects;
      const next = local ? "/" : `/user/login?${request.query}`;
      return withHeaders(redirect(next), [setCookie(PROVIDER_COOKIE, provider.key)]);
    },
    "ANY /user/login": (request) => {
      if (request.method !== "GET") return empty(404);
      const named = namedProvider(context, request);
      if (!named) return redirect("/provider");
      const ref = safeRef(request.query.get("ref"));
      if (named.provider.type === "local") return rules.localLoginRedirects ? redirect(ref) : empty(200);
      if ((request.cookies.get("token") ?? "") !== "") return redirect("/");
      return redirect(loginAddress(rules, request, named.provider, ref));
    },
    "ANY /user/logout": async (request) => {
      if (request.method !== "GET") return empty(404);
      const session = request.cookies.get("session_cookie") ?? "";
      const named = namedProvider(context, request);
      if (named?.provider.type === "remote") {
        if (session === "") return redirect("/auth/login");
        await context.remote(named.provider).upstream.logout(request.cookies.get("token") ?? "", session);
      }
      return withHeaders(
        redirect("/provider"),
        ["token", "session_cookie", PROVIDER_COOKIE].map(deleteCookie),
      );
    },
    "GET /api/user/token": callback,
    "POST /api/user/token": callback,
  };
}
