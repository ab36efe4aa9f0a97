import type { Account, HostResponse } from "@meshauth/provider-api";
import { ProviderError } from "@meshauth/provider-api";
import { readAccount } from "@meshauth/provider-api/format";
import { isWebPage, senseless } from "./answer.js";

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
  if (status !== 200) throw senseless(base, `It answered ${status} where a profile is due.`);
  if (isWebPage(answer)) throw senseless(base, "It answered with a web page where a profile is due.");
  const account = readAccount(answer.json());
  if (account === undefined) throw senseless(base, "Its profile has no id.");
  return account;
}
