import { join } from "node:path";
import { type Conformance, defineConformance } from "@meshauth/provider-testkit";
import { describe } from "vitest";
import { describeProvider } from "../../provider-testkit/src/vitest.js";

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

describe("a file", () => describeProvider(ROOT, { conformance: fromFile }));

describe("standard input", () => describeProvider(ROOT, { conformance: fromInput }));
