import { MeshauthError } from "../errors/error.js";
import { isHtml, judge, withReason } from "../meshery-server/index.js";
import type { Answer } from "./answer.js";

/** What an answer means. */
export type Verdict =
  /** What was asked for. */
  | { readonly kind: "data" }
  /** The server does not accept the credential. */
  | {
      readonly kind: "refused";
      readonly why: "no-token" | "bad-token" | "unknown-provider";
      readonly message: string;
      readonly hasData: boolean;
    }
  /** A 404 without a word, which may mean that the server does not accept the credential. */
  | { readonly kind: "not-found" }
  /** `hasData`: whether the body is an answer, and not the page of someone who was not meant. */
  | { readonly kind: "failed"; readonly error: MeshauthError; readonly hasData: boolean };

/**
 * Judges an answer: a Meshery Server never says a plain 401 about a missing login, so the redirects, the empty
 * 404 and the web pages have to be told apart from answers.
 *
 * @param isApi - Whether data is due: web pages are elsewhere only.
 */
export function verdictOf(answer: Answer, method: string, isApi: boolean): Verdict {
  const { status, url } = answer;
  const isPage = isApi && isHtml(answer);
  if (status < 300 || status === 304) return isPage ? failed("MESHAUTH_E_PROTOCOL", PAGE) : { kind: "data" };
  const judged = judge(answer, url);
  if (status < 400) {
    return judged?.kind === "refused"
      ? { ...judged, hasData: false }
      : failed("MESHAUTH_E_PROTOCOL", judged?.message ?? `${url.host} redirects.`);
  }
  if (status === 401) {
    return judged?.kind === "refused"
      ? { ...judged, hasData: true }
      : failed("MESHAUTH_E_PROTOCOL", judged?.message ?? PAGE, !isPage);
  }
  if (status >= 500) return failed("MESHAUTH_E_NETWORK", judged?.message ?? `Status ${status}.`, !isPage);
  if (isPage) return failed("MESHAUTH_E_PROTOCOL", PAGE);
  if (status === 404 && method !== "GET" && answer.text === "") return { kind: "not-found" };
  return { kind: "failed", error: httpError(answer, method), hasData: true };
}

const PAGE = "A web page came where data was due: is this the address of a Meshery Server?";

function failed(
  code: "MESHAUTH_E_PROTOCOL" | "MESHAUTH_E_NETWORK",
  message: string,
  hasData = false,
): Verdict {
  const why =
    code === "MESHAUTH_E_PROTOCOL"
      ? { why: "What came back is not an answer to the request." }
      : { why: "The server, or the provider that it asks, is out of order." };
  return { kind: "failed", error: new MeshauthError(code, { message, ...why, next: NEXT }), hasData };
}

const NEXT = ["meshauth check", "Try again later."];

/** The error for a request that the server understood and refused. */
export function httpError(
  answer: Pick<Answer, "status" | "headers" | "text">,
  method: string,
): MeshauthError {
  const { status } = answer;
  return new MeshauthError("MESHAUTH_E_HTTP", {
    message: withReason(`The Meshery Server refused the request (${status})`, answer),
    ...(status === 404 ? { why: `It has nothing that answers ${method} at this path.` } : {}),
    ...(status === 403 ? { why: "The account is signed in and may not do this." } : {}),
  });
}
