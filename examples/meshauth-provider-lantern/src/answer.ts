import { type HostResponse, ProviderError } from "@meshauth/provider-api";
import { ID } from "./about.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object of a success; anything else is thrown as the error that it stands for. */
export function readAnswer(answer: HostResponse): JsonObject {
  if (answer.status !== 200) throw failureOf(answer);
  const body = answer.json();
  if (isObject(body)) return body;
  throw senseless("It holds no JSON object.");
}

/** What an answer that is no success stands for. */
export function failureOf(answer: HostResponse): ProviderError {
  const { status, headers } = answer;
  const error = errorCode(answer);
  const challenged = status === 401 && /^bearer\b/i.test(headers.get("www-authenticate") ?? "");
  if (error !== undefined || challenged) {
    return new ProviderError("denied", "Lantern said no.", {
      reason: `It answered ${status}${error === undefined ? "" : ` (${error})`}.`,
      next: [`meshauth login ${ID}`],
    });
  }
  if (status === 429 || status >= 500) {
    return new ProviderError("unreachable", "Lantern is out of order.", {
      reason: `It answered ${status}.`,
      next: ["Try again later."],
    });
  }
  return senseless(`It answered ${status}.`);
}

/**
 * The `error` of a refusal in the form of RFC 6749 section 5.2. The page of a proxy on the way has none: that it
 * says no means nothing.
 */
export function errorCode({ status, text }: HostResponse): string | undefined {
  if (status !== 400 && status !== 401 && status !== 403) return undefined;
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) && typeof body["error"] === "string" ? body["error"] : undefined;
  } catch {
    return undefined;
  }
}

/** A member that must be text. */
export function textOf(body: JsonObject, name: string): string {
  const value = optionalText(body, name);
  if (value === undefined) throw senseless(`Its answer has no "${name}".`);
  return value;
}

/** A member that may be missing. */
export function optionalText(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The error for an answer that is not what the protocol says. */
export function senseless(reason: string): ProviderError {
  return new ProviderError("protocol", "Lantern gave an answer that makes no sense.", { reason });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
