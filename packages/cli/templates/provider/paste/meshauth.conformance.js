// @ts-check
// Tells the conformance kit how a login succeeds. Everything is made anew for every case.
import { defineConformance } from "@meshauth/provider-testkit";
import { createServer } from "./test/server.js";

export default defineConformance({
  providers: {
    "{{id}}": ({ secret }) => {
      const token = secret("token");
      return {
        servers: { "{{host}}": createServer({ token }) },
        login: { options: { url: "{{host}}" }, answers: { ask: [token] } },
        tokenLogin: { token },
        identify: {},
        revoke: {},
      };
    },
  },
});
