import type { HostResponse } from "@meshauth/provider-api";
import { printable } from "../text.js";
import { type Rebuff, refused, unavailable } from "./rebuff.js";

const BAD_TOKEN =
  "The Meshery Server does not accept the token. Servers from before April 2026 say the same while the provider is down.";

/** What of an answer is judged: its text may be the beginning of a longer one. */
export type Judged = Pick<HostResponse, "status" | "headers" | "text">;

/**
 * Tells what a Meshery Server means. It never says a plain 401 about a missing login: it redirects, or,
 * when its provider is down, answers 503.
 *
 * @returns `undefined` when the answer is neither a refusal nor an excuse; what it holds is not judged.
 */
export function judge(response: Judged, server: URL): Rebuff | undefined {
  const { status, headers } = response;
  if (status >= 300 && status < 400) return judgeRedirect(headers.get("location"), server);
  const html = isHtml(response);
  if ((status === 401 || status === 403) && (html || headers.has("www-authenticate"))) {
    return unavailable(`Something in front of ${server.host} asks for a sign-in of its own (${status}).`);
  }
  if (status === 401)
    return refused("bad-token", withReason("The Meshery Server does not accept the token", response), true);
  if (status === 403)
    return refused("bad-token", withReason("The Meshery Server forbids this", response), true);
  if (status === 503) {
    return unavailable(
      withReason("The Meshery Server cannot reach its provider, or is out of order (503)", response),
    );
  }
  if (status >= 500) return unavailable(withReason(`The Meshery Server failed (${status})`, response));
  if (html) {
    return unavailable(`${server.host} answered with a web page where data was due: is it a Meshery Server?`);
  }
  return undefined;
}

function judgeRedirect(location: string | null, server: URL): Rebuff {
  const target = location === null ? null : parse(location, server);
  if (target === null) return unavailable(`${server.host} redirects without saying where to.`);
  if (target.origin === server.origin) {
    if (target.pathname.endsWith("/auth/login")) return refused("bad-token", BAD_TOKEN);
    if (target.pathname.endsWith("/provider")) {
      return refused("unknown-provider", "The Meshery Server does not know the provider of this login.");
    }
    return unavailable(`${server.host} redirects to another path of its own (${shownPath(target)}).`);
  }
  if (target.pathname.endsWith("/login") || target.searchParams.has("source")) {
    return refused(
      "no-token",
      `The Meshery Server saw no token: it redirects to the sign-in at ${target.host}.`,
    );
  }
  return unavailable(
    `${server.host} redirects to ${target.origin}: is that the right address of the server?`,
  );
}

function parse(location: string, base: URL): URL | null {
  try {
    return new URL(location, base);
  } catch {
    return null;
  }
}

function shownPath({ pathname }: URL): string {
  return printable(pathname, 80);
}

/** Whether an answer is a web page, by its type or by how it starts. */
export function isHtml({ headers, text }: Omit<Judged, "status">): boolean {
  return (
    /^(text\/html|application\/xhtml)/i.test(headers.get("content-type") ?? "") ||
    /^\s*<(!doctype|html)/i.test(text)
  );
}

/** A sentence with what the server itself says about it, in JSON or in a line of plain text. */
export function withReason(sentence: string, response: Judged): string {
  const reason = reasonOf(response);
  return reason === "" ? `${sentence}.` : `${sentence}: ${reason}${/[.!?…]$/.test(reason) ? "" : "."}`;
}

function reasonOf(response: Judged): string {
  if (isHtml(response)) return "";
  const { text } = response;
  try {
    const body: unknown = JSON.parse(text);
    const error = typeof body === "object" && body !== null && "error" in body ? body.error : undefined;
    return typeof error === "string" ? printable(error, 160) : "";
  } catch {
    return text.trim().includes("\n") ? "" : printable(text, 160);
  }
}
