import { type Decision, printable } from "@meshauth/provider-api";
import { parseToken } from "@meshauth/provider-api/format";
import { API_TOKEN_PREFIX } from "./about.js";

/** What ends the wait for the browser: the code that it brings, or an API token that the person pastes instead. */
export type Answer = { readonly code: string } | { readonly token: string };

/** The parameters of the callback that count (RFC 6749 section 4.1.2). meshauth leaves all others out. */
export const CALLBACK_PARAMETERS: readonly string[] = ["code", "state", "error", "error_description"];

/** Decides about what the browser came back with. `refuse` goes on waiting, `fail` ends the sign-in. */
export function readCallback(parameters: ReadonlyMap<string, string>, state: string): Decision<Answer> {
  if (parameters.get("state") !== state) return refuse("This answer belongs to another sign-in.");
  const error = parameters.get("error");
  if (error !== undefined) {
    const description = parameters.get("error_description")?.replaceAll("+", " ");
    return { kind: "fail", reason: `Lantern says: ${printable(description ?? error)}` };
  }
  const code = parameters.get("code");
  return code ? { kind: "accept", value: { code } } : refuse("No code came back.");
}

/** Decides about text that was pasted and is not the address of the callback, which meshauth takes by itself. */
export function readPasted(text: string): Decision<Answer> {
  if (isApiToken(text)) return { kind: "accept", value: { token: text } };
  return refuse(
    `Neither the address of the last page nor an API token, which begins with ${API_TOKEN_PREFIX}.`,
  );
}

/** Whether a text has the form of an API token. */
export function isApiToken(text: string): boolean {
  const isLongEnough = text.length >= API_TOKEN_PREFIX.length + 12;
  return isLongEnough && text.startsWith(API_TOKEN_PREFIX) && parseToken(text).form === "opaque";
}

function refuse(reason: string): Decision<never> {
  return { kind: "refuse", reason };
}
