import { HOSTILE_TEXT } from "../hostile.js";
import { json, type Outcome } from "../http/answer.js";
import type { Recorded } from "../http/recorded.js";
import type { Routes } from "../http/router.js";
import { findUser, type User, userJson } from "../users.js";
import { authenticate } from "./bearer.js";
import type { CloudContext } from "./context.js";

/** Who a token belongs to. */
export function profileRoutes(context: CloudContext): Routes {
  const { faults, now, rules, sessions, users } = context;

  function own(request: Recorded): Outcome {
    const session = authenticate(rules, sessions, request);
    if (!session) return json(401, { error: "unauthorized" });
    const hostile = faults.strikes("profile-hostile", request);
    const user: User = hostile
      ? { ...session.user, firstName: HOSTILE_TEXT, lastName: HOSTILE_TEXT, email: HOSTILE_TEXT }
      : session.user;
    return json(200, { ...userJson(rules, user, now()), preferences: {} });
  }

  return {
    "GET /api/identity/users/profile": own,
    "GET /api/identity/users/profile/*": (request, id) => {
      if (!authenticate(rules, sessions, request)) return json(401, { error: "unauthorized" });
      const user = findUser(users, id);
      return user ? json(200, userJson(rules, user, now())) : json(404, { error: "user not found" });
    },
  };
}
