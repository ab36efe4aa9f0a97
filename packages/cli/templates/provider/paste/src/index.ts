import {
  type Credential,
  defineProvider,
  type Host,
  type LoginRequest,
  PROVIDER_API,
  ProviderError,
  type Revocation,
} from "@meshauth/provider-api";
import { parseToken } from "@meshauth/provider-api/format";
import { ID, originFrom, originOf, SERVER_NAME, TITLE } from "./about.js";
import { identify } from "./identify.js";

export default defineProvider({ api: PROVIDER_API, id: ID, login, identify, revoke });

/** Takes a token that the person made on the provider's page: from `--token-stdin`, or by asking for it. */
async function login({ options, token }: LoginRequest, host: Host): Promise<Credential> {
  const origin = originFrom(options);
  const text = (token ?? (await askToken(origin, host))).trim();
  host.secret(text);
  const found = parseToken(text);
  if (found.form === "invalid") {
    // The reason says what is wrong, and never what was given.
    throw new ProviderError("input", "This is no token.", {
      reason: `It was refused: ${found.reason}.`,
      next: [`Make a token on ${origin}/tokens`],
    });
  }
  return { kind: "token", serverName: SERVER_NAME, token: text, origin };
}

async function askToken(origin: string, host: Host): Promise<string> {
  if (host.interactive) {
    host.report({ type: "step", message: `Make a token on ${origin}/tokens` });
    return host.ask({ message: `${TITLE} token:`, secret: true });
  }
  throw new ProviderError("interaction", "There is no terminal to ask for the token.", {
    next: [`meshauth login ${ID} --token-stdin < FILE`],
  });
}

/** A program cannot end such a token. This says where a person can. */
async function revoke(credential: Credential): Promise<Revocation> {
  return { outcome: "not-supported", page: `${originOf(credential)}/tokens` };
}
