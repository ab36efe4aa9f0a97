import type { ServerCredential } from "@meshauth/provider-api";
import type { FreshCredential } from "../credential/index.js";
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

async function onlyRemote(server: MesheryServerClient): Promise<string> {
  const answer = await server.providers();
  const remotes = answer.kind === "ok" ? answer.value.filter(({ type }) => type === "remote") : [];
  const [only] = remotes;
  if (only !== undefined && remotes.length === 1) return only.key;
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: "Whose token MESHERY_API_TOKEN is, is not known.",
    why:
      answer.kind === "ok"
        ? `MESHERY_PROVIDER is not set, and the server lists ${remotes.length} remote providers.`
        : `MESHERY_PROVIDER is not set, and the server cannot say: ${answer.message}`,
    next: ["Set MESHERY_PROVIDER to the provider's name, such as Layer5."],
  });
}
