import { defineConformance } from "@meshauth/provider-testkit";
import { describeProvider } from "../../provider-testkit/src/vitest.js";

const conformance = defineConformance({
  providers: {
    none: () => ({
      mesheryServer: ({ url }) =>
        new URL(url).pathname === "/api/providers"
          ? Response.json({ Local: { provider_name: "Local", provider_type: "local" } })
          : new Response("", { status: 404 }),
      login: {},
    }),
  },
});

describeProvider(new URL("..", import.meta.url), { conformance });
