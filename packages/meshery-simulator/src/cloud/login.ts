import { html, type Outcome, redirect, withHeaders } from "../http/answer.js";
import type { Recorded } from "../http/recorded.js";
import type { Routes } from "../http/router.js";
import { findUser } from "../users.js";
import { callbackAddress } from "./callback.js";
import type { CloudContext } from "./context.js";
import { consentPage, dashboardPage, problemPage, signInPage } from "./login-pages.js";
import { decodeSource } from "./source.js";

/** The pages of a login in the browser. */
export function loginRoutes(context: CloudContext): Routes {
  const { browsers, remoteName, users } = context;
  const cloud = `${remoteName} Cloud`;
  const problem = (text: string): Outcome => html(400, problemPage(cloud, text));
  const queryOf = ({ target, path }: Recorded): string => target.slice(path.length + 1);

  function login(request: Recorded): Outcome {
    const query = queryOf(request);
    const source = request.query.get("source");
    const target = source === null ? undefined : decodeSource(source);
    if (source !== null && !target) return problem("The address to return to is not one of this computer.");
    const user = browsers.user(request);
    if (!user) return html(200, signInPage(cloud, users, query));
    if (!target) return redirect("/");
    return html(200, consentPage(cloud, user, target.source.origin, query));
  }

  return {
    // A browser with a session gets its dashboard here, whatever the query asks for: a login that was
    // started without the path /login never returns.
    "GET /": (request) => {
      const user = browsers.user(request);
      return user ? html(200, dashboardPage(cloud, user)) : login(request);
    },
    "GET /login": login,
    "POST /login": (request) => {
      const form = new URLSearchParams(request.body);
      const user = findUser(users, form.get("user") ?? "");
      if (!user) return problem("There is no such account.");
      return withHeaders(redirect(`/login?${singleLine(form.get("query"))}`, 303), [browsers.start(user)]);
    },
    "POST /consent": (request) => {
      const form = new URLSearchParams(request.body);
      const user = browsers.user(request);
      const query = new URLSearchParams(form.get("query") ?? "");
      const target = decodeSource(query.get("source") ?? "");
      if (!user || !target) return problem("This sign-in is not in progress any more.");
      const allowed = form.get("decision") === "allow";
      return redirect(callbackAddress(context, { request, user, target, query, allowed }), 303);
    },
    "GET /logout": (request) => {
      const query = queryOf(request);
      const next = request.query.has("source") ? `/login?${query}` : "/login";
      return withHeaders(redirect(next), [browsers.end(request)]);
    },
  };
}

const singleLine = (query: string | null): string => (query ?? "").replace(/[^\x21-\x7e]/g, "");
