import type { Host } from "@meshauth/provider-api";
import { readAnswer, senseless, textOf } from "./answer.js";

/** Where Lantern's endpoints are (RFC 8414 section 2). */
export interface Metadata {
  readonly issuer: string;
  readonly authorization: string;
  readonly token: string;
  readonly revocation: string;
  readonly userinfo: string;
}

/** Asks a server where its endpoints are. */
export async function discover(origin: string, host: Host): Promise<Metadata> {
  const body = readAnswer(await host.fetch(`${origin}/.well-known/oauth-authorization-server`));
  // Section 3.3: whoever answers for somebody else could send people, and their codes, anywhere.
  if (textOf(body, "issuer") !== origin) throw senseless("It says that it is another server.");
  /** An endpoint elsewhere would be a host that package.json does not declare. */
  function endpoint(name: string): string {
    const address = textOf(body, `${name}_endpoint`);
    if (address.startsWith(`${origin}/`)) return address;
    throw senseless(`Its ${name} endpoint is at another server.`);
  }
  return {
    issuer: origin,
    authorization: endpoint("authorization"),
    token: endpoint("token"),
    revocation: endpoint("revocation"),
    userinfo: endpoint("userinfo"),
  };
}
