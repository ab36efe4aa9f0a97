// @ts-check
// Tells the conformance kit how a login succeeds. Everything is made anew for every case.
import { join } from "node:path";
import { defineConformance } from "@meshauth/provider-testkit";
import { createServer, keyFile } from "./test/server.js";

export default defineConformance({
  providers: {
    "{{id}}": ({ home, secret }) => {
      const token = secret("token");
      return {
        servers: { "{{host}}": createServer({ token }) },
        files: { "key.json": keyFile(token) },
        login: { options: { file: join(home, "key.json"), url: "{{host}}" } },
        identify: {},
      };
    },
  },
});
