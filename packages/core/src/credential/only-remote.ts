import type { MesheryServer } from "@meshauth/provider-api";
import { MeshauthError } from "../errors/error.js";

/**
 * Whose token the environment holds when it does not say so: where the server lists one remote provider only,
 * there is no doubt.
 *
 * @returns The value for the `meshery-provider` cookie.
 * @throws MeshauthError `MESHAUTH_E_USAGE` where there is.
 */
export async function onlyRemote(server: Pick<MesheryServer, "providers">): Promise<string> {
  const answer = await server.providers();
  const remotes = answer.kind === "ok" ? answer.value.filter(({ type }) => type === "remote") : [];
  const [only] = remotes;
  if (only !== undefined && remotes.length === 1) return only.key;
  throw unknownOwner(
    answer.kind === "ok"
      ? `MESHERY_PROVIDER is not set, and the server lists ${remotes.length} remote providers.`
      : `MESHERY_PROVIDER is not set, and the server cannot say: ${answer.message}`,
  );
}

/** The error for a token of the environment without its provider's name, where that is needed. */
export function unknownOwner(why: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_USAGE", {
    message: "Whose token MESHERY_API_TOKEN is, is not known.",
    why,
    next: ["Set MESHERY_PROVIDER to the provider's name, such as Layer5."],
  });
}
