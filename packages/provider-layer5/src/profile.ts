import type { Account, HostResponse } from "@meshauth/provider-api";
import { ProviderError } from "@meshauth/provider-api";
import { readAccount } from "@meshauth/provider-api/format";

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
  const account = readAccount(answer.json());
  if (account === undefined) throw unexpected(base, "Its profile has no id.");
  return account;
}

function unexpected(base: string, reason: string): ProviderError {
  return new ProviderError("protocol", `${base} gives an answer that makes no sense.`, { reason });
}
