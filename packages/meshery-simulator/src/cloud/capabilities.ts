import { type EraRules, inCasing } from "../era.js";
import { json } from "../http/answer.js";
import type { Routes } from "../http/router.js";

/** What a remote provider says about itself. The address is added by the Meshery Server. */
export function providerProperties(rules: EraRules, name: string): Record<string, unknown> {
  return inCasing(rules, {
    providerType: "remote",
    packageVersion: rules.build,
    packageUrl: "",
    providerName: name,
    providerDescription: ["Persistent sessions", "Save and share designs", "Performance test history"],
    extensions: {},
    capabilities: [
      { feature: "sync-prefs", endpoint: "/api/identity/users/preferences" },
      { feature: "users-profile", endpoint: "/api/identity/users/profile" },
    ],
    restrictedAccess: {},
    ...(rules.casing === "camel" ? { redirects: {} } : {}),
  });
}

export function capabilityRoutes(rules: EraRules, name: string): Routes {
  return { "GET /*/capabilities": () => json(200, providerProperties(rules, name)) };
}
