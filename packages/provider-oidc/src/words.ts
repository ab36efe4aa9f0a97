import { printable } from "@meshauth/provider-api";

/** What is looked at of an error of oauth4webapi. */
interface Flaw {
  readonly code: string;
  readonly cause: unknown;
  readonly message: string;
}

/** Why a claim that differs makes a token one to refuse. */
const CLAIMS: Readonly<Record<string, string>> = {
  iss: "another issuer made it",
  aud: "it is meant for another client",
  azp: "it was made for another client",
  nonce: "it belongs to another sign-in",
  exp: "it has ended",
  nbf: "it is not valid yet",
  auth_time: "the sign-in is longer ago than --max-age allows",
};

/**
 * Why an answer is refused, in a sentence. Nothing of what the answer holds is quoted, with the exception of the
 * issuer that it names.
 */
export function wordsFor({ code, cause, message }: Flaw, answer: Response | undefined): string {
  if (answer !== undefined && answer.status >= 300 && answer.status < 400) {
    return `It answered ${answer.status} and sends on to another address. That is not followed: what was sent is for this server only.`;
  }
  const known =
    typeof cause === "object" && cause !== null ? (cause as Readonly<Record<string, unknown>>) : {};
  const claim = known["claim"];
  switch (code) {
    case "OAUTH_JWT_CLAIM_COMPARISON_FAILED":
    case "OAUTH_JWT_TIMESTAMP_CHECK_FAILED":
      return `The ID token is refused: ${CLAIMS[String(claim)] ?? `its "${String(claim)}" does not fit`}.`;
    case "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED":
      return known["attribute"] === "issuer"
        ? otherIssuer(known["body"])
        : "It speaks of another person than the ID token.";
    case "OAUTH_KEY_SELECTION_FAILED":
      return "The ID token is refused: none of the server's keys fits its signature.";
    case "OAUTH_RESPONSE_IS_NOT_JSON":
      return `It answered ${answer?.status ?? ""} with something else than JSON.`.replace("  ", " ");
    case "OAUTH_PARSE_ERROR":
      return "What it answered cannot be read as JSON.";
    case "OAUTH_RESPONSE_IS_NOT_CONFORM":
      return `It answered ${answer?.status ?? "something"} where that is not expected.`;
    case "OAUTH_MISSING_SERVER_METADATA":
      return "Its discovery document does not name an address that is needed.";
    case "OAUTH_HTTP_REQUEST_FORBIDDEN":
    case "OAUTH_REQUEST_PROTOCOL_FORBIDDEN":
    case "OAUTH_INVALID_SERVER_METADATA":
      return "Its discovery document names an address that cannot be used.";
    case "OAUTH_UNSUPPORTED_OPERATION":
      return "It uses something that is not supported here: an algorithm, an encrypted token, or a type of token.";
    default:
      return malformed(message);
  }
}

/** What the library says of an answer that is not as it should be, by its own sentence; `$1` is what that names. */
const MALFORMED: readonly (readonly [RegExp, string])[] = [
  [/^JWT "([\w-]+)".* claim missing$/, 'The ID token is refused: it has no "$1".'],
  [/^(?:unexpected JWT|ID Token) "([\w-]+)"/, 'The ID token is refused: its "$1" cannot be used.'],
  [/^JWT signature/, "The ID token is refused: its signature is not right."],
  [/\bJWT\b/, "The ID token is refused: it is no signed token that can be read."],
  [/^"response" body "([\w-]+)"/, 'Its answer has no "$1" that can be used.'],
  [/^"response" body/, "Its answer is no JSON object."],
  [/challenge/, "It does not accept the client, and does not say why."],
];

function malformed(message: string): string {
  for (const [pattern, sentence] of MALFORMED) {
    const [found, name = ""] = pattern.exec(message) ?? [];
    if (found !== undefined) return sentence.replace("$1", name);
  }
  return "Its answer is not what the protocol says.";
}

function otherIssuer(body: unknown): string {
  const named = typeof body === "object" && body !== null ? (body as { issuer?: unknown }).issuer : undefined;
  return `It calls itself "${printable(String(named), 200)}", which is not the address that was given. --issuer has to be that, letter by letter; a server for several organizations needs the address of yours.`;
}
