import { type Host, ProviderError } from "@meshauth/provider-api";

/** A request as oauth4webapi hands it to a `fetch` of one's own. */
interface LibraryRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/** Statuses of an answer that has no body, and for which `Response` takes none. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Makes the `fetch` for oauth4webapi of the host's: every request has the person's proxy, the limits of time and
 * size, no redirects, and its secrets kept out of all output.
 */
export function hostFetch(host: Host): (url: string, request: LibraryRequest) => Promise<Response> {
  return async (url, { method, headers, body }) => {
    const answer = await host.fetch(url, {
      method,
      headers,
      ...(body === undefined || body === null ? {} : { body: String(body) }),
    });
    // `Response` takes no others (Fetch section 2.2.3).
    if (answer.status < 200 || answer.status > 599) {
      throw new ProviderError("protocol", `${new URL(url).host} gives an answer that is refused.`, {
        reason: `It answered ${answer.status}, which is no status of HTTP.`,
      });
    }
    return new Response(BODILESS.has(answer.status) ? null : withoutNulls(answer.text), {
      status: answer.status,
      headers: answer.headers,
    });
  };
}

/** The same without members that are null, as some servers write what they do not have. What is no JSON stays as it is. */
function withoutNulls(text: string): string {
  if (!text.includes("null")) return text;
  try {
    return JSON.stringify(JSON.parse(text, (_, value: unknown) => value ?? undefined)) ?? text;
  } catch {
    return text;
  }
}
