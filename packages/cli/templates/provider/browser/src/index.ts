import { createHash, randomBytes } from "node:crypto";
import {
  type Credential,
  defineProvider,
  type Host,
  type LoginRequest,
  PROVIDER_API,
} from "@meshauth/provider-api";
import { ID, originFrom } from "./about.js";
import { CALLBACK_PARAMETERS, readCallback } from "./callback.js";
import { identify } from "./identify.js";
import { CLIENT_ID, post, readTokens, refresh, revoke } from "./tokens.js";

export default defineProvider({ api: PROVIDER_API, id: ID, login, identify, refresh, revoke });

/**
 * Signs in with the browser: the authorization code of RFC 6749 section 4.1, with PKCE (RFC 7636), for a program that
 * is installed on the person's machine (RFC 8252).
 */
async function login({ options }: LoginRequest, host: Host): Promise<Credential> {
  const origin = originFrom(options);
  const [state, verifier] = [random(), random()];
  host.secret(verifier);

  // Before anything else: it fails at once where no browser login can work.
  const receiver = await host.listen<string>({
    parameters: CALLBACK_PARAMETERS,
    accept: (parameters) => readCallback(parameters, state),
  });

  const link = new URL(`${origin}/authorize`);
  link.search = new URLSearchParams({
    response_type: "code",
    client_id: CLIENT_ID,
    redirect_uri: receiver.redirectUri,
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }).toString();
  const code = await receiver.wait(link);

  const form = {
    grant_type: "authorization_code",
    code,
    redirect_uri: receiver.redirectUri,
    client_id: CLIENT_ID,
    code_verifier: verifier,
  };
  return readTokens(await post(`${origin}/token`, form, host), origin, host);
}

function random(): string {
  return randomBytes(32).toString("base64url");
}
