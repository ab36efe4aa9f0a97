import { encodeEnvelope, inspectToken } from "@meshauth/provider-api/format";
import { type Conformance, defineConformance, type Handler } from "@meshauth/provider-testkit";

const CLOUD = "https://cloud.example";

/** A cloud with one person, who is signed in and agrees to everything, and a Meshery Server that lists it. */
export const conformance: Conformance = defineConformance({
  providers: {
    layer5: ({ secret }) => {
      let round = 1;
      const current = (): string => envelope(secret(`access ${round}`), secret(`refresh ${round}`));
      return {
        servers: { [CLOUD]: cloud(current, () => round++) },
        mesheryServer: server(current),
        login: { options: { "provider-url": CLOUD, "provider-name": "Layer5" } },
        tokenLogin: { options: { "provider-url": CLOUD }, token: secret("api token") },
        revoke: { denied: { [CLOUD]: () => Response.json({ error: "forbidden" }, { status: 403 }) } },
      };
    },
  },
});

function envelope(accessToken: string, refreshToken: string): string {
  return encodeEnvelope({ accessToken, refreshToken, expiry: "2999-01-01T00:00:00Z" });
}

function cloud(current: () => string, renew: () => void): Handler {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/login": {
        const source = Buffer.from(searchParams.get("source") ?? "", "base64url").toString();
        const query = new URLSearchParams({ token: current(), session_cookie: "made-up" });
        return new Response(null, { status: 302, headers: { Location: `${source}?${query}` } });
      }
      case "/refresh": {
        const { token } = (await request.json()) as { token: string };
        const known = inspectToken(token).refreshToken === inspectToken(current()).refreshToken;
        if (!known) return Response.json({ error: "invalid_grant" }, { status: 400 });
        renew();
        return Response.json({ token: current() });
      }
      case "/revoke":
        return new Response();
      case "/api/identity/users/profile":
        return Response.json({ id: "42", email: "ada@cloud.example" });
      default:
        return new Response("", { status: 404 });
    }
  };
}

function server(current: () => string): Handler {
  return (request) => {
    switch (new URL(request.url).pathname) {
      case "/api/providers":
        return Response.json({
          Layer5: { provider_name: "Layer5", provider_type: "remote", provider_url: CLOUD },
        });
      case "/api/token":
        return Response.json({ "meshery-provider": "Layer5", token: current() });
      default:
        return new Response("", { status: 404 });
    }
  };
}
