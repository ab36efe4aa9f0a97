import type { InstalledProvider } from "@meshauth/core";
import { readPluginList } from "../loader/plugin-list.js";
import type { AdmissionOptions } from "./admission.js";
import { consentNeeded, tampered } from "./errors.js";
import { askFirstUse, type Person } from "./first-use.js";
import { grant } from "./grant.js";
import { standingOf } from "./standing.js";

/** Lets the code of one installed plugin run, or throws. A yes is recorded. @throws MeshauthError as an `Admission` */
export async function decide(
  options: AdmissionOptions,
  name: string,
  person: Person | undefined,
): Promise<void> {
  const { dataDir, uid } = options;
  const { plugins } = await readPluginList(dataDir);
  const plugin = plugins.find((candidate) => candidate.name === name && candidate.origin === "user");
  if (plugin === undefined) throw consentNeeded({ name }, undefined, dataDir);
  const standing = await standingOf(options, name);
  if (standing.state === "changed") throw tampered(plugin, standing.reason, standing.record);
  if (standing.state === "trusted") return;
  if (person === undefined) throw consentNeeded(plugin, standing, dataDir);
  const { record, digest } = standing;
  const providers = options.registry().providers.filter((provider) => provider.package === name);
  const version = versionOf(providers) ?? record?.version ?? "";
  await askFirstUse({ name, version, record, digest, providers, commands: options.commandsOf(name) }, person);
  const { signal, say } = person;
  await grant(
    { dataDir, uid, signal, say: (text) => say(text) },
    { plugin, version, digest, now: options.now() },
  );
}

function versionOf([provider]: readonly InstalledProvider[]): string | undefined {
  return provider?.version;
}
