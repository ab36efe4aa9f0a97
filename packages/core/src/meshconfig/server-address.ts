import { inspectUrl } from "../http/url.js";

export const DEFAULT_SERVER = "http://localhost:9081";

/**
 * Brings a Meshery Server's address into the form that paths are appended to: no trailing slash, a path
 * prefix kept. Plain http is allowed, since the server is the user's own.
 */
export function serverAddress(
  text: string,
):
  | { readonly kind: "address"; readonly address: string }
  | { readonly kind: "refused"; readonly reason: string } {
  const verdict = inspectUrl(text, { allowHttp: true });
  if (verdict.kind === "refused") return verdict;
  const { url } = verdict;
  if (url.search !== "" || url.hash !== "" || /[?#]$/.test(text)) {
    return { kind: "refused", reason: "has a query or a fragment" };
  }
  return { kind: "address", address: `${url.origin}${url.pathname.replace(/\/+$/, "")}` };
}
