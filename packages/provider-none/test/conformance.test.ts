import { defineConformance } from "@meshauth/provider-testkit";
import { expect, test } from "vitest";
import { verdictsOn } from "../../../test/support/conformance.js";

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

test("passes the conformance kit", async () => {
  expect(await verdictsOn(new URL("..", import.meta.url), conformance)).toMatchInlineSnapshot(`
    {
      "failed": [],
      "notRun": {
        "A login asks no server of its own.": "login.server-down login.server-silent login.server-slow login.server-error login.server-redirect login.server-html login.server-huge login.server-empty login.server-cut",
        "The example gives no option that could be left out.": "options.optional",
        "The example gives no option that has a variable of the environment.": "options.environment",
        "The login of the example asks nothing and reads nothing.": "login.closed-input",
        "The login of the example uses no browser.": "browser.missing browser.wrong browser.refused browser.pasted browser.decides",
        "The provider does not have the flow paste.": "token.success token.malformed",
        "The provider has no function identify.": "identify.success identify.denied identify.unreachable identify.cancelled identify.other-tool",
        "The provider has no function refresh.": "refresh.success refresh.rotated refresh.denied refresh.unreachable refresh.cancelled refresh.once refresh.nothing",
        "The provider has no function revoke.": "revoke.success revoke.denied revoke.unreachable revoke.cancelled revoke.other-tool",
        "The provider has no function saved.": "saved.success",
        "The provider has no option that takes a value of its own.": "options.invalid",
        "The provider requires no option.": "options.required",
      },
    }
  `);
}, 120_000);
