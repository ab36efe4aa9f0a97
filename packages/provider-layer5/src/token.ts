import { type Decision, ProviderError, printable } from "@meshauth/provider-api";
import { parseToken } from "@meshauth/provider-api/format";

/** A token whose shape is in order. */
export interface TakenToken {
  readonly token: string;
  /** What a person should know about it. */
  readonly warning?: string;
}

/**
 * The parameters of the callback that count. Remote providers also add `session_cookie` and `ref`, which
 * nothing here needs: they stay out of the list, so that nothing about them can spoil a login.
 */
export const CALLBACK_PARAMETERS: readonly string[] = ["token", "error", "error_description"];

/** Anything that is a single word could be an API token; a shorter one is rather a password. */
const SHORTEST_PASTED = 20;

/**
 * Decides about a callback. A browser brings a token envelope and nothing else: an API token in its place
 * would be one that somebody else chose.
 */
export function acceptCallback(parameters: ReadonlyMap<string, string>): Decision<TakenToken> {
  const error = parameters.get("error");
  if (error) return { kind: "fail", reason: describe(error, parameters.get("error_description")) };
  const token = parameters.get("token");
  if (!token) return refuse("The callback brings no token.");
  const found = parseToken(token);
  if (found.form === "envelope") return { kind: "accept", value: { token } };
  return refuse(
    found.form === "invalid"
      ? `The callback's token is refused: ${found.reason}.`
      : "The callback brings something other than a token envelope.",
  );
}

/** Decides about text that was pasted: a token envelope, a JWT or an API token. */
export function acceptPasted(text: string): Decision<TakenToken> {
  if (/^https?:/i.test(text)) return refuse("This is not the address that the sign-in ends at.");
  if (text.length < SHORTEST_PASTED && parseToken(text).form === "opaque") {
    return refuse(
      `This is no token: what is shorter than ${SHORTEST_PASTED} characters is not taken for one.`,
    );
  }
  const taken = check(text);
  return "reason" in taken ? refuse(`This is no token: ${taken.reason}.`) : { kind: "accept", value: taken };
}

/** Takes the token of `--token-stdin`. @throws {@link ProviderError} `input` */
export function takeToken(text: string): TakenToken {
  const taken = check(text.trim());
  if (!("reason" in taken)) return taken;
  throw new ProviderError("input", "The token from standard input cannot be taken.", {
    reason: `It was refused: ${taken.reason}.`,
    next: ["meshauth login file-import -", "meshauth login layer5"],
  });
}

function check(text: string): TakenToken | { readonly reason: string } {
  const found = parseToken(text);
  if (found.form === "invalid") return { reason: found.reason };
  return found.form === "opaque" && found.warning !== undefined
    ? { token: text, warning: found.warning }
    : { token: text };
}

function describe(error: string, description: string | undefined): string {
  // Error texts come form-encoded, and the receiver leaves a plus as it is for the sake of tokens.
  const words = [error, description ?? ""]
    .map((text) => printable(text.replaceAll("+", " "), 300))
    .filter((text) => text !== "");
  return `The provider says: ${words.join(": ")}`;
}

function refuse(reason: string): Decision<TakenToken> {
  return { kind: "refuse", reason };
}
