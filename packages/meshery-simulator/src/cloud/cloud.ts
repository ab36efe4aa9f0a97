import { text } from "../http/answer.js";
import type { Handler } from "../http/listener.js";
import { findRoute, type Routes } from "../http/router.js";
import { capabilityRoutes } from "./capabilities.js";
import type { CloudContext } from "./context.js";
import { loginRoutes } from "./login.js";
import { oauthRoutes } from "./oauth.js";
import { profileRoutes } from "./profile.js";
import { tokensApiRoutes } from "./tokens-api.js";
import { tokensPageRoutes } from "./tokens-page.js";

/** The remote provider: login pages, token endpoints, profile and API tokens. */
export function createCloud(context: CloudContext, url: string): Handler {
  const routes: Routes = {
    ...loginRoutes(context),
    ...oauthRoutes(context),
    ...profileRoutes(context),
    ...tokensApiRoutes(context),
    ...tokensPageRoutes(context),
    ...capabilityRoutes(context.rules, context.remoteName),
  };
  return (request) => {
    const fault = context.faults.answer("cloud", { request, cloudUrl: url });
    if (fault) return fault;
    const route = findRoute(routes, request);
    return route ? route.handler(request, route.parameter) : text(404, "404 page not found\n");
  };
}
