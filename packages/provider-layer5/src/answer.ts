import { type HostResponse, ProviderError } from "@meshauth/provider-api";

/** Whether an answer is a web page, by its type or by how it starts. */
export function isWebPage({ headers, text }: HostResponse): boolean {
  return (
    /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(headers.get("content-type") ?? "") ||
    /^\s*<(?:!doctype|html)\b/i.test(text)
  );
}

/**
 * What is wrong with a remote provider's answer to a request of the token endpoints.
 *
 * A 400, 401 or 403 is the provider's own "no" (RFC 6749 section 5.2) only without a web page and without
 * `WWW-Authenticate`: proxies and gates on the way ask for a sign-in with those, and know nothing of the token.
 *
 * @param base - The provider's address.
 * @param denied - Makes the error for the provider's own "no".
 * @returns `undefined` for a 200 or 204 that is no web page.
 */
export function troubleWith(
  answer: HostResponse,
  base: string,
  denied: (status: number) => ProviderError,
): ProviderError | undefined {
  const { status, headers } = answer;
  const page = isWebPage(answer);
  if (status === 400 || status === 401 || status === 403) {
    if (!page && !headers.has("www-authenticate")) return denied(status);
    return new ProviderError("unreachable", `Something in front of ${base} asks for a sign-in of its own.`, {
      reason: `It answered ${status}, and not in the way of the provider.`,
    });
  }
  if (status === 429 || status >= 500) {
    return new ProviderError("unreachable", `${base} is out of order.`, {
      reason: `It answered ${status}.`,
    });
  }
  if (status !== 200 && status !== 204) return senseless(base, `It answered ${status}.`);
  return page ? senseless(base, "It answered with a web page.") : undefined;
}

/** The error for an answer that is not what the protocol says. */
export function senseless(base: string, reason: string): ProviderError {
  return new ProviderError("protocol", `${base} gives an answer that makes no sense.`, { reason });
}
