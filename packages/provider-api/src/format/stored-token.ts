import type { Credential } from "../credential.js";
import { encodeEnvelope } from "./envelope.js";

/**
 * A credential's token in the form in which it is stored and sent to Meshery Servers. Empty for a local one.
 *
 * @throws {@link JsonError} for OAuth 2.0 parts that make no token envelope.
 */
export function storedToken(credential: Credential): string {
  if (credential.kind === "local") return "";
  return credential.kind === "token" ? credential.token : encodeEnvelope(credential);
}
