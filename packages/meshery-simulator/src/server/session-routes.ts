import { goJson, json, text } from "../http/answer.js";
import type { Routes } from "../http/router.js";
import type { ServerContext } from "./context.js";
import { failure } from "./refusals.js";
import { withSession } from "./session.js";
import { Unreachable } from "./upstream.js";

/** What needs a login. */
export function sessionRoutes(context: ServerContext): Routes {
  const { faults, registry, rules } = context;
  // Before 2026 these handlers set no content type.
  const reply = (value: unknown) => (rules.jsonErrors ? json(200, value) : text(200, `${goJson(value)}\n`));

  const token = withSession(context, (caller, request) => {
    const name = faults.strikes("token-wrong-name", request) ? "Elsewhere" : caller.provider.name;
    const value = faults.strikes("token-blank", request) ? "" : caller.token;
    return reply({ "meshery-provider": name, token: value });
  });
  const user = withSession(context, (caller) => {
    const { preferences: _, ...members } = caller.user;
    return reply(members);
  });
  const otherUser = withSession(context, (caller, _request, id) =>
    caller.user["id"] === id ? reply(caller.user) : failure(context, 404, "user not found", "Check the id."),
  );

  return {
    "GET /api/token": token,
    "GET /api/user": user,
    "GET /api/user/profile/*": otherUser,
    ...(rules.casing === "camel"
      ? { "GET /api/identity/users/profile": user, "GET /api/identity/users/profile/*": otherUser }
      : {}),
    "GET /api/system/sync": withSession(context, () =>
      json(200, { meshAdapters: [], grafana: {}, prometheus: {}, anonymousUsageStats: false }),
    ),
    "POST /api/user/prefs": withSession(context, (_caller, request) => json(200, { received: request.body })),
    "GET /api/pattern": withSession(context, () =>
      json(200, { page: 0, page_size: 10, total_count: 0, patterns: [] }),
    ),
    "GET /api/provider/capabilities": withSession(context, async ({ provider }) => {
      if (provider.type === "local")
        return json(200, registry.list({ unprobed: false, hostile: false })[provider.key]);
      try {
        return json(200, await context.remote(provider).upstream.capabilities());
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        return failure(context, 500, "capabilities could not be fetched", "Try again later.");
      }
    }),
  };
}
