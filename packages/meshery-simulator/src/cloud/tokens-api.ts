import { type EraRules, inCasing } from "../era.js";
import { json, type Outcome } from "../http/answer.js";
import type { Recorded } from "../http/recorded.js";
import type { RouteHandler, Routes } from "../http/router.js";
import type { User } from "../users.js";
import type { ApiToken } from "./api-tokens.js";
import { authenticate } from "./bearer.js";
import type { CloudContext } from "./context.js";

/** A token's record in the era's casing. `provider` is the identity provider, as in the real one. */
export function tokenRecord(rules: EraRules, token: ApiToken): Record<string, unknown> {
  const time = token.createdAt.toISOString();
  return inCasing(rules, {
    id: token.id,
    [rules.casing === "camel" ? "owner" : "userId"]: token.user.id,
    provider: token.user.identityProvider,
    accessToken: token.accessToken,
    name: token.name,
    purpose: token.purpose,
    isOauth: false,
    createdAt: time,
    updatedAt: time,
  });
}

/** The cloud's API for API tokens: list, create, read, delete. */
export function tokensApiRoutes(context: CloudContext): Routes {
  const { apiTokens, rules, sessions } = context;
  const page = (status: number, tokens: readonly ApiToken[]): Outcome =>
    json(
      status,
      inCasing(rules, {
        tokens: tokens.map((token) => tokenRecord(rules, token)),
        totalCount: tokens.length,
        page: 0,
        pageSize: 10,
      }),
    );
  const signedIn =
    (handle: (user: User, request: Recorded, id: string) => Outcome): RouteHandler =>
    (request, id) => {
      const session = authenticate(rules, sessions, request);
      return session ? handle(session.user, request, id) : json(401, { error: "unauthorized" });
    };

  return {
    "GET /api/identity/tokens": signedIn((user, request) =>
      page(200, request.query.get("isOauth") === "true" ? [] : apiTokens.of(user)),
    ),
    "POST /api/identity/tokens": signedIn((user, request) => {
      const name = request.query.get("name") ?? "";
      if (name === "") return json(400, { error: "name is required" });
      return page(rules.tokenCreated, [apiTokens.create(user, name, request.query.get("purpose") ?? "")]);
    }),
    "DELETE /api/identity/tokens": signedIn((user, request) =>
      apiTokens.delete(user, request.query.get("tokenId") ?? "")
        ? page(200, apiTokens.of(user))
        : json(404, { error: "token not found" }),
    ),
    "GET /api/identity/tokens/*": signedIn((user, _request, id) => {
      const token = apiTokens.of(user).find((candidate) => candidate.id === id);
      return token ? json(200, tokenRecord(rules, token)) : json(404, { error: "token not found" });
    }),
  };
}
