import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { CallbackAddress } from "./address.js";
import { type Answer, RESULT_PATH } from "./answers.js";

/** What a request is, once it has passed the checks that need no secret. */
type Screened =
  /** Refused, or harmless: this is the answer. */
  | { readonly kind: "answer"; readonly answer: Answer }
  /** It wants the result page. `seen`: a person looks at it, as far as one can tell. */
  | { readonly kind: "result"; readonly seen: boolean }
  /** A browser's navigation to the callback address. */
  | { readonly kind: "callback"; readonly query: string };

const METHODS = "GET, HEAD";

/**
 * The checks of a request, cheap ones first.
 *
 * @param onCallback - Told the raw query of every request for the callback's path, refused or not.
 */
export function screenRequest(
  request: IncomingMessage,
  address: CallbackAddress,
  onCallback: (query: string) => void,
): Screened {
  const { method = "", url: target = "", headers } = request;
  if (!hasOneHost(request, address.authorities)) return refuse(421);
  // Absolute form, fragments and anything that is not visible ASCII: no browser sends them here.
  if (!/^\/[!-~]*$/.test(target) || target.includes("#")) return refuse(400);
  const [path, query] = splitTarget(target);
  const isCallback = address.matches(path, query);
  if (isCallback) onCallback(query);
  else if (path !== RESULT_PATH && path !== "/favicon.ico") return refuse(404);

  if (method === "OPTIONS") return refuse(403);
  if (method !== "GET" && method !== "HEAD")
    return { kind: "answer", answer: { status: 405, allow: METHODS } };
  if (hasBody(headers)) return refuse(413);
  if (!isCallback && path !== RESULT_PATH) return refuse(204);
  const forbidden = fetchRefusal(headers);
  if (!isCallback) return { kind: "result", seen: method === "GET" && forbidden === undefined };
  if (method === "HEAD") return refuse(200);
  return forbidden === undefined ? { kind: "callback", query } : refuse(forbidden);
}

function refuse(status: number): Screened {
  return { kind: "answer", answer: status === 404 ? { status, page: "unused" } : { status } };
}

/** Against DNS rebinding. `headers.host` would hide a second field: Node keeps the first. */
function hasOneHost(request: IncomingMessage, authorities: ReadonlySet<string>): boolean {
  const names = request.rawHeaders.filter((_, index) => index % 2 === 0);
  const count = names.filter((name) => name.toLowerCase() === "host").length;
  return count === 1 && authorities.has(request.headers.host?.toLowerCase() ?? "");
}

function splitTarget(target: string): [path: string, query: string] {
  const question = target.indexOf("?");
  return question < 0 ? [target, ""] : [target.slice(0, question), target.slice(question + 1)];
}

function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0;
}

/**
 * Why a request is no navigation of a person, as far as the browser says (Fetch Metadata, Fetch section
 * 3.2). Browsers that say nothing pass.
 */
function fetchRefusal(headers: IncomingHttpHeaders): number | undefined {
  const purpose = `${headers["sec-purpose"] ?? ""} ${headers["purpose"] ?? ""}`;
  if (/prefetch|prerender/i.test(purpose)) return 503;
  const { origin, "sec-fetch-mode": mode = "navigate", "sec-fetch-dest": dest = "document" } = headers;
  if (mode !== "navigate" || dest !== "document") return 403;
  return origin === undefined || origin === "null" ? undefined : 403;
}
