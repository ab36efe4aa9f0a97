import { setTimeout as pause } from "node:timers/promises";
import {
  type Credential,
  defineProvider,
  type Host,
  type LoginRequest,
  PROVIDER_API,
  ProviderError,
} from "@meshauth/provider-api";
import { ID, originFrom, TITLE } from "./about.js";
import { errorCode } from "./answer.js";
import { type Device, nextInterval, startDevice } from "./device.js";
import { identify } from "./identify.js";
import { CLIENT_ID, post, readTokens, refresh, revoke } from "./tokens.js";

export default defineProvider({ api: PROVIDER_API, id: ID, login, identify, refresh, revoke });

/** Signs in on another device, with a code that the person types there: RFC 8628. */
async function login({ options }: LoginRequest, host: Host): Promise<Credential> {
  const origin = originFrom(options);
  const device = await startDevice(origin, host);
  return await host.device({
    link: device.verificationUri,
    code: device.userCode,
    poll: (signal) => poll(device, origin, host, signal),
  });
}

/** Asks for the tokens until the person has decided, or the codes are no good any more. */
async function poll(device: Device, origin: string, host: Host, signal: AbortSignal): Promise<Credential> {
  const form = {
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code: device.deviceCode,
    client_id: CLIENT_ID,
  };
  for (let interval = device.interval; host.now() < device.end; ) {
    await pause(interval, undefined, { signal });
    const answer = await post(`${origin}/token`, form, host);
    const error = errorCode(answer);
    const next = nextInterval(interval, error);
    if (next !== undefined) interval = next;
    else if (error === "expired_token") break;
    else return readTokens(answer, origin, host);
  }
  throw new ProviderError("expired", "The code ran out before anybody signed in with it.", {
    reason: `${TITLE} takes a code for a few minutes only.`,
    next: [`meshauth login ${ID}`],
  });
}
