import { setTimeout as sleep } from "node:timers/promises";
import { type Host, isProviderError, ProviderError, printable } from "@meshauth/provider-api";
import * as oauth from "oauth4webapi";
import { optional, type SignedIn } from "./browser.js";
import type { Connection } from "./connection.js";
import { checkIdToken } from "./id-token.js";
import { inWords, refused } from "./problem.js";
import { refusalFor } from "./refusals.js";
import { scopeFor } from "./scope.js";
import type { LoginSettings } from "./settings.js";

/** Waits for so many milliseconds, or until the signal. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

const pauseFor: Pause = (milliseconds, signal) => sleep(milliseconds, undefined, { signal });

/** RFC 8628 section 3.5: the interval where the server names none, and what `slow_down` adds, in seconds. */
const INTERVAL = 5;

/** The last moment that a date can hold. */
const LAST = 8.64e15;

/** Milliseconds that a pause takes at least, whatever the server names, and what a timer can hold. */
const [SHORTEST, LONGEST] = [1_000, 2 ** 31 - 1];

/** Sign-in with a code on any device: RFC 8628. */
export async function signInWithDevice(
  connection: Connection,
  settings: LoginSettings,
  host: Host,
  pause: Pause = pauseFor,
): Promise<SignedIn> {
  const { server, client, auth, http } = connection;
  const { audience, resource, extra } = settings;
  const parameters = { ...extra, scope: scopeFor(settings, server), ...optional({ audience, resource }) };
  const device = await readDevice(
    connection,
    await oauth.deviceAuthorizationRequest(server, client, auth, parameters, http),
  );
  host.secret(device.device_code);
  const end = host.now().getTime() + device.expires_in * 1000;
  return host.device({
    link: device.verification_uri_complete ?? device.verification_uri,
    code: device.user_code,
    expiresAt: new Date(Math.min(end, LAST)),
    async poll(signal) {
      for (let interval = device.interval ?? INTERVAL; ; ) {
        const left = end - host.now().getTime();
        if (left <= 0) throw tooLate(server.issuer);
        await pause(Math.min(Math.max(interval * 1000, SHORTEST), left, LONGEST), signal);
        if (host.now().getTime() >= end) throw tooLate(server.issuer);
        const asked = await ask(connection, device.device_code, resource);
        if ("tokens" in asked) return asked;
        interval = asked.next(interval);
      }
    },
  });
}

/**
 * Reads the answer to a device authorization request.
 *
 * @throws {@link ProviderError}, and the errors of oauth4webapi.
 */
async function readDevice(
  { server, client }: Connection,
  answer: Response,
): Promise<oauth.DeviceAuthorizationResponse> {
  try {
    return await oauth.processDeviceAuthorizationResponse(server, client, await withVerificationUri(answer));
  } catch (error) {
    const { error: said, error_description } = error as { error?: unknown; error_description?: string };
    // Keycloak says so of a client that may not use the flow: nothing was presented that could have ended.
    if (said !== "invalid_grant") throw error;
    throw refused(
      { error: said, description: error_description },
      server.issuer,
      error,
      refusalFor("unauthorized_client"),
    );
  }
}

/** Google's answer is older than RFC 8628, and has the link under the name that it had in the drafts. */
async function withVerificationUri(answer: Response): Promise<Response> {
  const body: unknown = await answer
    .clone()
    .json()
    .catch(() => undefined);
  if (typeof body !== "object" || body === null || "verification_uri" in body) return answer;
  const { verification_url } = body as { verification_url?: unknown };
  return verification_url === undefined
    ? answer
    : Response.json({ ...body, verification_uri: verification_url }, answer);
}

type Asked = SignedIn | { next(interval: number): number };

/** Asks once whether someone has decided. @throws what ends the wait. */
async function ask(connection: Connection, deviceCode: string, resource: string | undefined): Promise<Asked> {
  const { server, client, auth, http } = connection;
  let answer: Response;
  let tokens: oauth.TokenEndpointResponse;
  try {
    answer = await oauth.deviceCodeGrantRequest(server, client, auth, deviceCode, {
      ...http,
      additionalParameters: optional({ resource }),
    });
    tokens = await oauth.processDeviceCodeResponse(server, client, answer);
  } catch (error) {
    const { error: said } = error as { error?: unknown };
    if (said === "authorization_pending") return { next: (interval) => interval };
    if (said === "slow_down") return { next: (interval) => interval + INTERVAL };
    const problem = await inWords(error, server.issuer);
    // RFC 8628 section 3.5: whoever gets no answer asks less often, twice as long apart each time.
    if (isProviderError(problem) && problem.code === "unreachable")
      return { next: (interval) => interval * 2 };
    throw problem;
  }
  // The code is spent: whatever is wrong from here on, asking again would be in vain.
  return { tokens, claims: await checkIdToken(connection, answer, tokens) };
}

function tooLate(issuer: string): ProviderError {
  return new ProviderError("expired", "The code was not entered in time.", {
    reason: `${printable(issuer)} gave it for a limited time, which is over.`,
  });
}
