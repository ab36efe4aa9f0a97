// @ts-check
// Tells the conformance kit how a login succeeds. Everything is made anew for every case.
import { defineConformance } from "@meshauth/provider-testkit";
import { createServer } from "./test/server.js";

export default defineConformance({
  providers: {
    "{{id}}": ({ secret }) => ({
      servers: { "{{host}}": createServer({ secret }) },
      login: { options: { url: "{{host}}" } },
      identify: {},
      refresh: {},
      revoke: { denied: { "{{host}}": () => Response.json({ error: "invalid_client" }, { status: 401 }) } },
    }),
  },
});
