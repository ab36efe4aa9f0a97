import { inspectToken } from "@meshauth/provider-api/format";
import { type FakeHost, fakeHost } from "../../../../provider-api/test/support/fake-host.js";
import { type Issuer, type Reply, startIssuer } from "../issuer.js";
import { sentBack, type stored } from "../login.js";
import type { Shape } from "./shape.js";

/** The secret of a client that has one. */
export const SECRET = "made-up-client-secret";

/** A server of a shape on loopback. */
export interface Shaped {
  readonly server: Issuer;
  readonly issuer: string;
  /** How the next polls of the device flow are answered. To be changed. */
  readonly polls: Reply[];
  /** A host whose person agrees to everything. */
  host(): FakeHost;
  /** The form of the last request to an endpoint, by its name in the discovery document. */
  formOf(endpoint: string): Record<string, string>;
}

/** Starts a server of a shape, with one person and the client `cli`. */
export async function startShaped(shape: Shape): Promise<Shaped> {
  const server = await startIssuer();
  const issuer = `${server.url}${shape.issuer}`;
  const { metadata, answers } = server;
  answers.delete("/.well-known/openid-configuration");
  for (const name of Object.keys(metadata)) delete metadata[name];
  for (const [name, value] of Object.entries(shape.metadata)) metadata[name] = located(value, server.url);
  metadata["issuer"] = issuer;
  answers.set(`${shape.issuer}/.well-known/openid-configuration`, () => ({ body: metadata }));

  const pathOf = (endpoint: string): string => new URL(String(metadata[endpoint])).pathname;
  const hidden = new Set(shape.keysWithout);
  const key = Object.fromEntries(Object.entries(server.jwk).filter(([name]) => !hidden.has(name)));
  answers.set(pathOf("jwks_uri"), () => ({ body: { keys: [key] } }));
  answers.set(pathOf("userinfo_endpoint"), () => ({ body: { sub: "user-1", name: "Ada Example" } }));
  answers.set(pathOf("device_authorization_endpoint"), (form) => {
    scope = form.get("scope") ?? "";
    return { body: shape.device };
  });
  if (metadata["revocation_endpoint"] !== undefined) answers.set(pathOf("revocation_endpoint"), () => ({}));

  const polls: Reply[] = [];
  let [scope, round] = ["", 1];
  const plain = await server.idToken({ iss: issuer, ...shape.claims });
  let withNonce = plain;
  answers.set(pathOf("token_endpoint"), (form) => {
    if (shape.secret === true && !hasSecret(server))
      return refusal("invalid_request", "client_secret is missing.");
    const grant = form.get("grant_type");
    if (grant?.endsWith(":device_code")) {
      const poll = polls.shift();
      if (poll !== undefined) return poll;
    }
    const renewal = grant === "refresh_token";
    if (renewal && form.get("refresh_token") !== `made-up-refresh-${round}`) return refusal("invalid_grant");
    if (renewal && shape.renewal === "another") round += 1;
    const none = renewal
      ? shape.renewal === "none"
      : shape.offlineScope && !scope.split(" ").includes("offline_access");
    return {
      body: {
        access_token: renewal ? "made-up-next-access" : "made-up-access",
        token_type: "Bearer",
        expires_in: 300,
        id_token: grant === "authorization_code" ? withNonce : plain,
        ...(none ? {} : { refresh_token: `made-up-refresh-${round}` }),
      },
    };
  });

  return {
    server,
    issuer,
    polls,
    host: () =>
      fakeHost({
        env: shape.secret === true ? { MESHAUTH_OIDC_CLIENT_SECRET: SECRET } : {},
        async browser(link) {
          scope = link.searchParams.get("scope") ?? "";
          const nonce = link.searchParams.get("nonce") ?? "";
          withNonce = await server.idToken({ iss: issuer, nonce, ...shape.claims });
          const answer = Object.entries(shape.answer).map(([name, value]) => [
            name,
            value === "ISSUER" ? issuer : value,
          ]);
          await sentBack(issuer, { iss: undefined, ...Object.fromEntries(answer) })(link);
        },
      }),
    formOf(endpoint) {
      const line = `POST ${pathOf(endpoint)}`;
      return Object.fromEntries(server.requests.findLast((request) => request.line === line)?.form ?? []);
    },
  };
}

/** The refresh token of a credential as it is stored. */
export function refreshTokenOf({ token }: ReturnType<typeof stored>): string | undefined {
  return inspectToken(token).refreshToken;
}

function located(value: unknown, url: string): unknown {
  if (typeof value !== "string" || !value.startsWith("/")) return value;
  // Another name for this machine is another host.
  return value.startsWith("//")
    ? `${url.replace("127.0.0.1", "localhost")}${value.slice(1)}`
    : `${url}${value}`;
}

/** Whether the last request has the secret: in its form, or in its header, where RFC 6749 section 2.3.1 encodes it. */
function hasSecret({ requests }: Issuer): boolean {
  const { form, headers } = requests.at(-1) ?? {};
  const { authorization = "" } = (headers ?? {}) as { authorization?: string };
  return (
    form?.get("client_secret") === SECRET ||
    decodeURIComponent(atob(authorization.replace("Basic ", ""))) === `cli:${SECRET}`
  );
}

function refusal(error: string, error_description?: string): Reply {
  return { status: 400, body: { error, ...(error_description === undefined ? {} : { error_description }) } };
}
