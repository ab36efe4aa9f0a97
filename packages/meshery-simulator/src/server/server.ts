import { html, redirect, text } from "../http/answer.js";
import type { Handler } from "../http/listener.js";
import { findRoute, type Routes } from "../http/router.js";
import { browserRoutes } from "./browser-routes.js";
import type { ServerContext } from "./context.js";
import { homePage } from "./pages.js";
import { publicRoutes } from "./public-routes.js";
import { withSession } from "./session.js";
import { sessionRoutes } from "./session-routes.js";

/** The Meshery Server: what it serves about login, and little else. */
export function createServer(context: ServerContext, cloudUrl: string): Handler {
  const routes: Routes = { ...publicRoutes(context), ...browserRoutes(context), ...sessionRoutes(context) };
  // Everything else belongs to the interface, which needs a login too.
  const rest = withSession(context, ({ provider, user }, { path, method }) => {
    if (path !== "/" || method !== "GET") return text(404, "404 page not found\n");
    const first = String(user["firstName"] ?? user["first_name"] ?? "");
    const last = String(user["lastName"] ?? user["last_name"] ?? "");
    return html(200, homePage(provider.name, `${first} ${last}`));
  });

  return (request) => {
    const fault = context.faults.answer("server", { request, cloudUrl });
    if (fault) return fault;
    if (request.path.includes("//")) {
      const query = request.target.slice(request.path.length);
      return { ...redirect(`${request.path.replace(/\/{2,}/g, "/")}${query}`), status: 301 };
    }
    const route = findRoute(routes, request);
    return route ? route.handler(request, route.parameter) : rest(request, "");
  };
}
