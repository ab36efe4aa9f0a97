import { createHash, randomBytes } from "node:crypto";
import {
  type Credential,
  type Host,
  type LoginRequest,
  ProviderError,
  type Receiver,
} from "@meshauth/provider-api";
import { CLIENT_ID, ID, SERVER_NAME } from "./about.js";
import { type Answer, CALLBACK_PARAMETERS, isApiToken, readCallback, readPasted } from "./callback.js";
import { discover } from "./metadata.js";
import { chooseOrigin } from "./origin.js";
import { requestTokens } from "./tokens.js";

/** Signs in with the browser, or takes the API token of `--token-stdin`. */
export async function login(request: LoginRequest, host: Host): Promise<Credential> {
  const origin = await chooseOrigin(request.options, host);
  return request.token === undefined
    ? await signIn(origin, host)
    : takeApiToken(request.token.trim(), origin, host);
}

/**
 * The authorization code of RFC 6749 section 4.1 with PKCE (RFC 7636), for a program on the person's own machine
 * (RFC 8252).
 */
async function signIn(origin: string, host: Host): Promise<Credential> {
  const [state, verifier] = [random(), random()];
  host.secret(verifier);
  // Before Lantern is asked anything: this fails at once where no browser login can work.
  const receiver = await host.listen<Answer>({
    parameters: CALLBACK_PARAMETERS,
    accept: (parameters) => readCallback(parameters, state),
    acceptPasted: readPasted,
  });
  const metadata = await discover(origin, host);
  host.report({ type: "step", message: `Signing in at ${origin}` });
  const answer = await receiver.wait(
    linkTo(metadata.authorization, receiver, { state, verifier }),
    "If the page does not come back, paste its address, or an API token.",
  );
  if ("token" in answer) return takeApiToken(answer.token, origin, host);
  const form = {
    grant_type: "authorization_code",
    code: answer.code,
    redirect_uri: receiver.redirectUri,
    code_verifier: verifier,
  };
  return await requestTokens(metadata.token, form, origin, host);
}

function linkTo(
  endpoint: string,
  { redirectUri }: Receiver<Answer>,
  { state, verifier }: { readonly state: string; readonly verifier: string },
): URL {
  const link = new URL(endpoint);
  link.search = new URLSearchParams({
    response_type: "code",
    client_id: CLIENT_ID,
    redirect_uri: redirectUri,
    state,
    // Only the hash leaves the machine now. Whoever catches the code cannot use it without what was hashed.
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }).toString();
  return link;
}

/** meshauth asks {@link identify} about it before it is stored, so only its form is looked at here. */
function takeApiToken(token: string, origin: string, host: Host): Credential {
  host.secret(token);
  if (isApiToken(token)) return { kind: "token", serverName: SERVER_NAME, token, origin };
  throw new ProviderError("input", "This is no API token of Lantern.", {
    next: [`Make one on ${origin}/tokens`, `meshauth login ${ID}`],
  });
}

function random(): string {
  return randomBytes(32).toString("base64url");
}
