import type { ServerCredential } from "@meshauth/provider-api";
import { type FreshCredential, onlyRemote } from "../credential/index.js";
import { MeshauthError } from "../errors/error.js";
import { type MesheryServerClient, obstacleTo } from "../meshery-server/index.js";

/**
 * A credential in the form in which the server is asked with it. A token from the environment may come without
 * its provider's name; where the server knows one remote provider only, there is no doubt.
 *
 * @throws MeshauthError `MESHAUTH_E_USAGE` where there is, `MESHAUTH_E_NOT_AUTHENTICATED` for a credential that
 *   cannot be sent.
 */
export async function identityOf(
  { serverName, token }: FreshCredential,
  server: MesheryServerClient,
): Promise<ServerCredential> {
  const identity = { serverName: serverName || (await onlyRemote(server)), token };
  const obstacle = obstacleTo(identity);
  if (obstacle === undefined) return identity;
  throw new MeshauthError("MESHAUTH_E_NOT_AUTHENTICATED", {
    message: "The credential cannot be sent to the Meshery Server.",
    why: obstacle.message,
  });
}
