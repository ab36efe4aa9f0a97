import { isProviderError, ProviderError, printable } from "@meshauth/provider-api";
import { type Refusal, refusalFor } from "./refusals.js";
import { wordsFor } from "./words.js";

/** What a server said: the members of an error response (RFC 6749 sections 4.1.2.1 and 5.2). */
export interface Said {
  readonly error: string;
  readonly description?: string | undefined;
}

/** A member of the errors of oauth4webapi, which are told apart by their code. */
type LibraryError = Error & {
  readonly code?: unknown;
  readonly error?: unknown;
  readonly error_description?: unknown;
  readonly status?: unknown;
  readonly response?: unknown;
};

/**
 * Puts what went wrong into words. What the host threw, and what is a defect of ours, stays as it is.
 *
 * @param issuer - The server's address.
 */
export async function inWords(error: unknown, issuer: string): Promise<unknown> {
  if (!(error instanceof Error) || isProviderError(error)) return error;
  const { code, cause } = error as LibraryError;
  if (typeof code !== "string" || !code.startsWith("OAUTH_")) {
    const reason = uncoded(error);
    if (reason === undefined) return error;
    return new ProviderError("protocol", `${printable(issuer)} gives an answer that is refused.`, { reason });
  }
  const answer = answerOf(error);
  if (answer !== undefined && isOutOfOrder(answer.status)) return outOfOrder(issuer, answer.status);
  const said = await saidBy(error, answer);
  if (said !== undefined) return refused(said, issuer, error);
  return new ProviderError("protocol", `${printable(issuer)} gives an answer that is refused.`, {
    reason: wordsFor({ code, cause, message: error.message }, answer),
  });
}

/**
 * The error for what a server said: the class, what it said, what that means, and what to change.
 *
 * @param refusal - Where the code means something else than usually.
 */
export function refused(
  { error, description }: Said,
  issuer: string,
  cause?: unknown,
  refusal: Refusal = refusalFor(error),
): ProviderError {
  const { code, means, next } = refusal;
  // Microsoft Entra's further lines are numbers for its support.
  const [line = ""] = (description ?? "").trim().split(/[\r\n]/);
  const own = line === "" ? "" : `: ${printable(line, 200)}`;
  const message =
    code === "unreachable"
      ? `${printable(issuer)} cannot answer at the moment.`
      : `${printable(issuer)} refused what was asked.`;
  return new ProviderError(code, message, {
    reason: `It said "${printable(error, 60)}"${own.replace(/\.$/, "")}. ${means}`,
    ...(next === undefined ? {} : { next: [next] }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Runs a call of the provider, whose errors then are in words. */
export async function wording<T>(issuer: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw await inWords(error, issuer);
  }
}

/** Why an answer is refused, for what oauth4webapi lets through of URL and Web Cryptography, or gives no code. */
function uncoded(error: LibraryError): string | undefined {
  if (error.code === "ERR_INVALID_URL") return "Its discovery document has an issuer that is no address.";
  if (error.name === "DataError") return "One of its keys cannot be used.";
  if (error.name !== "OperationProcessingError") return undefined;
  return "It answers with a signed text, and its discovery document does not say how it signs.";
}

function answerOf(error: LibraryError): Response | undefined {
  if (error.response instanceof Response) return error.response;
  return error.cause instanceof Response ? error.cause : undefined;
}

/** Whether a status says that it can be tried again. */
export function isOutOfOrder(status: number): boolean {
  return status === 429 || status >= 500;
}

/** The error for such a status. */
export function outOfOrder(issuer: string, status: number): ProviderError {
  return new ProviderError("unreachable", `${printable(issuer)} is out of order.`, {
    reason: `It answered ${status}.`,
    next: ["Try again later."],
  });
}

/** From the body, else from `WWW-Authenticate` (RFC 6750 section 3), which may come with a body. */
async function saidBy(error: LibraryError, answer: Response | undefined): Promise<Said | undefined> {
  if (typeof error.error === "string")
    return { error: error.error, description: text(error.error_description) };
  if (error.code !== "OAUTH_WWW_AUTHENTICATE_CHALLENGE" || answer === undefined) return undefined;
  const body: unknown = await answer.json().catch(() => undefined);
  const [challenge] = Array.isArray(error.cause) ? error.cause : [];
  for (const found of [body, (challenge as { parameters?: unknown } | undefined)?.parameters]) {
    if (typeof found !== "object" || found === null) continue;
    const { error: said, error_description: description } = found as Record<string, unknown>;
    if (typeof said === "string" && said !== "") return { error: said, description: text(description) };
  }
  return undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
