import type { MesheryServer } from "@meshauth/provider-api";
import { openProvider, type ProviderSession, type ProviderSessionOptions } from "../provider-session.js";
import { providerOf } from "../providers.js";
import { findProvider, type InstalledProvider, type Registry } from "../registry/index.js";
import type { Runtime } from "../runtime.js";
import { openServer } from "../target.js";
import type { Held } from "./held.js";

/**
 * The provider that a stored credential belongs to: the one that answers to its name; for the name of a remote
 * provider that the Meshery Server lists, one that signs in at any of them; else the one that made it.
 *
 * @param id - The provider that made the credential, when it was meshauth.
 * @throws MeshauthError `MESHAUTH_E_PROVIDER_MISSING`
 */
export async function providerOfCredential(
  registry: Registry,
  server: Pick<MesheryServer, "providers"> | undefined,
  serverName: string,
  id: string | undefined,
): Promise<InstalledProvider> {
  const answers = findProvider(registry, serverName) !== undefined;
  const maker = registry.providers.find(({ entry }) => entry.id === id);
  if (!answers && (await isListedRemote(server, serverName))) {
    const remote = [maker, ...registry.providers].find(isRemote);
    if (remote) return remote;
  }
  return providerOf(registry, serverName, id);
}

/** How a provider that is asked about a credential is limited. */
export type AskOptions = Pick<ProviderSessionOptions, "timeout" | "next">;

/**
 * Opens the provider that a credential belongs to. No code of it runs before the first call; the caller closes it.
 *
 * @param client - The target's Meshery Server, where it has been asked something already.
 * @throws MeshauthError `MESHAUTH_E_PROVIDER_MISSING`
 */
export async function openProviderOf(
  runtime: Runtime,
  { target, serverName = "", details }: Pick<Held, "target" | "serverName" | "details">,
  options: AskOptions,
  client: Pick<MesheryServer, "providers"> = openServer(runtime, target.config.server),
): Promise<{ readonly installed: InstalledProvider; readonly session: ProviderSession }> {
  const { server } = target.config;
  const installed = await providerOfCredential(runtime.registry, client, serverName, details?.provider.id);
  return { installed, session: openProvider(runtime, { ...options, installed, server }) };
}

async function isListedRemote(
  server: Pick<MesheryServer, "providers"> | undefined,
  serverName: string,
): Promise<boolean> {
  const answer = await server?.providers();
  if (answer?.kind !== "ok") return false;
  return answer.value.some(
    ({ type, name, key }) => type === "remote" && (name === serverName || key === serverName),
  );
}

/** Whether a provider signs in at whatever remote a server lists: it goes where it is told to. */
function isRemote(provider: InstalledProvider | undefined): boolean {
  const { flows = [], hosts = [] } = provider?.entry ?? {};
  return flows.includes("browser") && hosts.includes("configured");
}
