import { decodeEnvelope } from "../envelope.js";
import { empty, json, type Outcome } from "../http/answer.js";
import type { Recorded } from "../http/recorded.js";
import type { Routes } from "../http/router.js";
import type { CloudContext } from "./context.js";

/** `/keys`, `/introspect`, `/refresh` and `/revoke`: they take and give JSON, not forms. */
export function oauthRoutes(context: CloudContext): Routes {
  const { faults, key, sessions } = context;
  return {
    "GET /keys": (request) => {
      const extra = faults.strikes("keys-x5c", request) ? { x5c: ["MIIB"] } : {};
      return json(200, { keys: [{ ...key.jwk, ...extra }] });
    },
    "POST /introspect": (request) => {
      const session = sessions.active(tokenOf(request) ?? "");
      return session ? json(200, { active: true, sub: session.user.id }) : json(401, { active: false });
    },
    "POST /refresh": (request): Outcome => {
      const token = tokenOf(request);
      if (token === undefined) return json(400, { error: "token is required" });
      const envelope = decodeEnvelope(token);
      const refreshToken = typeof envelope === "string" ? undefined : envelope.refresh_token;
      const keep = faults.strikes("refresh-same", request);
      const result = sessions.refresh(refreshToken ?? "", keep);
      if (!result.ok) return json(401, { error: "invalid refresh token" });
      return faults.strikes("refresh-lost", request) ? { kind: "close" } : json(200, { token: result.token });
    },
    "POST /revoke": (request) => {
      sessions.revoke(tokenOf(request) ?? "");
      return empty(200);
    },
  };
}

/** The member `token` of a JSON body. */
function tokenOf(request: Recorded): string | undefined {
  try {
    const value: unknown = JSON.parse(request.body);
    if (typeof value !== "object" || value === null || !("token" in value)) return undefined;
    return typeof value.token === "string" ? value.token : undefined;
  } catch {
    return undefined;
  }
}
