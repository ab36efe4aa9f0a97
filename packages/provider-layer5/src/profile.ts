import type { Account, HostResponse } from "@meshauth/provider-api";
import { ProviderError, printable } from "@meshauth/provider-api";

/** Reads the answer to a request for a profile. @throws {@link ProviderError} */
export function readProfile(answer: HostResponse, base: string): Account {
  const { status } = answer;
  if (status === 401 || status === 403) {
    throw new ProviderError("denied", `${base} does not accept this sign-in.`, {
      reason: `It answered ${status}: the token is not valid there, or has been revoked.`,
      next: ["meshauth login layer5"],
    });
  }
  if (status === 429 || status >= 500) {
    throw new ProviderError("unreachable", `${base} is out of order.`, { reason: `It answered ${status}.` });
  }
  if (status !== 200) throw unexpected(base, `It answered ${status} where a profile is due.`);
  if (/^\s*text\/html\b/i.test(answer.headers.get("content-type") ?? "")) {
    throw unexpected(base, "It answered with a web page where a profile is due.");
  }
  const account = toAccount(answer.json());
  if (account === undefined) throw unexpected(base, "Its profile has no id.");
  return account;
}

function unexpected(base: string, reason: string): ProviderError {
  return new ProviderError("protocol", `${base} gives an answer that makes no sense.`, { reason });
}

/**
 * The account of a user object: snake_case as Meshery sent it until early 2026, or camelCase. Its
 * `provider` is the identity provider, such as GitHub, and no part of who somebody is.
 */
function toAccount(value: unknown): Account | undefined {
  const fields = (...names: string[]) =>
    names.map((name) => textOf(value, name)).filter((text) => text !== "");
  const field = (...names: string[]) => fields(...names)[0];
  const ids = fields("id", "user_id", "userId");
  // An id of zeros is one that was never set; the other one tells people apart then.
  const id = ids.find((text) => !/^[0-]+$/.test(text)) ?? ids[0];
  if (id === undefined) return undefined;
  const name = [field("first_name", "firstName"), field("last_name", "lastName")].filter(Boolean).join(" ");
  const email = field("email");
  return { id, ...(name === "" ? {} : { name }), ...(email === undefined ? {} : { email }) };
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return "";
  const text: unknown = (value as Readonly<Record<string, unknown>>)[name];
  return typeof text === "string" ? printable(text) : "";
}
