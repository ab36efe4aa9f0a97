import { usage } from "./usage.js";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const DOCUMENT = /\/\.well-known\/openid-configuration$/;

/**
 * Reads the issuer's address: https, or http to this machine. The address of its discovery document is taken for
 * the issuer's, since that is what many servers show.
 *
 * @throws {@link ProviderError} `usage`
 */
export function readIssuer(text: string): URL {
  const problem = "The issuer's address cannot be used.";
  if (!URL.canParse(text)) throw usage(problem, "It is not an absolute address.");
  const issuer = new URL(text);
  if (!isSafe(issuer)) throw usage(problem, "It has to be https, or http on this machine.");
  // OpenID Connect Discovery 1.0 section 2.
  if (issuer.search !== "" || issuer.hash !== "") {
    throw usage(problem, "An issuer has neither a query nor a fragment (OpenID Connect Discovery).");
  }
  if (issuer.username !== "" || issuer.password !== "") throw usage(problem, "It names a user.");
  issuer.pathname = issuer.pathname.replace(DOCUMENT, "");
  return issuer;
}

/** The address as servers call themselves: without the slash of an empty path. */
export function issuerText({ href, origin, pathname }: URL): string {
  return pathname === "/" ? origin : href;
}

/** Whether what is sent to an address is safe on the way: https, or http that does not leave this machine. */
export function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
}
