import type { Decision } from "@meshauth/provider-api";

/** The parameters of the callback that count (RFC 6749 section 4.1.2). meshauth leaves all others out. */
export const CALLBACK_PARAMETERS: readonly string[] = ["code", "state", "error", "error_description"];

/** Decides about what the browser came back with: a code, a refusal, or the answer to another sign-in. */
export function readCallback(parameters: ReadonlyMap<string, string>, state: string): Decision<string> {
  if (parameters.get("state") !== state) {
    return { kind: "refuse", reason: "This answer belongs to another sign-in." };
  }
  const error = parameters.get("error");
  if (error !== undefined) {
    const description = parameters.get("error_description")?.replaceAll("+", " ");
    return { kind: "fail", reason: description ?? error };
  }
  const code = parameters.get("code");
  return code ? { kind: "accept", value: code } : { kind: "refuse", reason: "No code came back." };
}
