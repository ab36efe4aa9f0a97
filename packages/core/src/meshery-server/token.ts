import type { HostResponse, ServerAnswer, ServerCredential } from "@meshauth/provider-api";
import { flawOfServerName, isJsonError, parseAuthJson } from "@meshauth/provider-api/format";
import { fitsCookie } from "./cookie.js";
import { withReason } from "./judge.js";
import { refused, unavailable } from "./rebuff.js";

/** What `/api/token` gives: the credential as the server would have it in `auth.json`. */
export type StoredForm = ServerCredential & { readonly members: Readonly<Record<string, string>> };

/**
 * Validates the reply of `/api/token`. Servers have answered it with nothing, with a web page and with an
 * error under the status 200, and a tool that stores what it gets has then lost the login.
 *
 * @param sent - The credential that was sent: a remote provider's token must not come back empty.
 */
export function readToken(response: HostResponse, sent: ServerCredential): ServerAnswer<StoredForm> {
  const remote = sent.token !== "";
  if (response.status !== 200) {
    return unavailable(
      withReason(`The Meshery Server answered ${response.status} when asked for the token`, response),
    );
  }
  if (response.text.trim() === "") {
    return remote
      ? unavailable("The Meshery Server answered with nothing when asked for the token.")
      : refused("no-token", "The Meshery Server has no token for this login.");
  }
  try {
    const { serverName, token, members } = parseAuthJson(response.text);
    if (serverName === undefined || serverName === "") return nonsense("it names no provider");
    if (token === undefined) return nonsense("it has no token");
    if (remote && token === "") return nonsense("its token is empty");
    if (!remote && token !== "") return nonsense("it has a token for a login without one");
    if (flawOfServerName(serverName) !== undefined) return nonsense("its provider cannot be sent back");
    if (!fitsCookie(token)) return nonsense("its token has characters that cannot be sent back");
    return { kind: "ok", value: { serverName, token, members: Object.fromEntries(members) } };
  } catch (error) {
    if (isJsonError(error)) return nonsense(error.reason);
    throw error;
  }
}

function nonsense(reason: string): ServerAnswer<never> {
  return unavailable(`What the Meshery Server answered is no credential: ${reason}.`);
}
