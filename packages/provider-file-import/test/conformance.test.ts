import { join } from "node:path";
import { type Conformance, defineConformance } from "@meshauth/provider-testkit";
import { expect, test, vi } from "vitest";
import { verdictsOn } from "../../../test/support/conformance.js";

vi.setConfig({ testTimeout: 120_000 });

const ROOT = new URL("..", import.meta.url);

function mesheryServer({ url }: Request): Response {
  const { pathname } = new URL(url);
  if (pathname !== "/api/providers") return Response.json({ id: "42" });
  return Response.json({
    "cloud.example": {
      provider_name: "Layer5",
      provider_type: "remote",
      provider_url: "https://cloud.example",
    },
  });
}

const fromFile: Conformance = defineConformance({
  providers: {
    "file-import": ({ home, secret }) => ({
      mesheryServer,
      files: {
        "Downloads/auth.json": JSON.stringify({ "meshery-provider": "Layer5", token: secret("token") }),
      },
      login: {
        options: {
          file: join(home, "Downloads/auth.json"),
          "provider-name": "Layer5",
          "remove-source": true,
        },
      },
    }),
  },
});

const fromInput: Conformance = defineConformance({
  providers: {
    "file-import": ({ secret }) => ({
      mesheryServer,
      login: { options: { file: "-" }, stdin: JSON.stringify({ accessToken: secret("access token") }) },
    }),
  },
});

test.each([
  ["a file", fromFile, { "The login of the example asks nothing and reads nothing.": "login.closed-input" }],
  ["standard input", fromInput, {}],
])("passes the conformance kit with %s", async (_, conformance, alone) => {
  expect(await verdictsOn(ROOT, conformance)).toEqual({
    failed: [],
    notRun: {
      "A login asks no server of its own.":
        "login.server-down login.server-silent login.server-slow login.server-error login.server-redirect login.server-html login.server-huge login.server-empty login.server-cut",
      "The example gives no option that has a variable of the environment.": "options.environment",
      ...alone,
      "The login of the example uses no browser.":
        "browser.missing browser.wrong browser.refused browser.pasted browser.decides",
      "The provider does not have the flow paste.": "token.success token.malformed",
      "The provider has no function identify.":
        "identify.success identify.denied identify.unreachable identify.cancelled identify.other-tool",
      "The provider has no function refresh.":
        "refresh.success refresh.rotated refresh.denied refresh.unreachable refresh.cancelled refresh.once refresh.nothing",
      "The provider has no function revoke.":
        "revoke.success revoke.denied revoke.unreachable revoke.cancelled revoke.other-tool",
      "The provider requires no option.": "options.required",
    },
  });
});
