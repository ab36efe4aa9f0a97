import { MeshauthError, printable } from "@meshauth/core";
import type { ListedPlugin, Preview } from "../loader/index.js";
import { npmSpec, type PluginSpec } from "./spec.js";
import type { PluginWork } from "./work.js";

/**
 * Fails at once when a question will have to be asked and nobody can be.
 *
 * @param command - The command that would work.
 * @throws MeshauthError `MESHAUTH_E_INTERACTION`
 */
export function requireAnswer(
  { yes, terminal }: Pick<PluginWork, "yes" | "terminal">,
  command: string,
): void {
  if (yes || terminal.interactive) return;
  throw new MeshauthError("MESHAUTH_E_INTERACTION", {
    message: "Nobody can be asked whether this may be done.",
    next: [command],
  });
}

/** Shows what a package is and asks whether it may be installed. @throws MeshauthError `MESHAUTH_E_INTERRUPTED` */
export async function askConsent(
  { name }: ListedPlugin,
  preview: Preview,
  spec: PluginSpec,
  work: Pick<PluginWork, "yes" | "terminal" | "signal" | "say">,
): Promise<void> {
  for (const line of introduction(name, preview, spec)) work.say(line);
  if (work.yes) return;
  if (await work.terminal.confirm({ message: `Install ${name}?`, initial: false }, work.signal)) return;
  throw new MeshauthError("MESHAUTH_E_INTERRUPTED", { message: "Nothing was installed." });
}

function introduction(name: string, { version, providers, commands }: Preview, spec: PluginSpec): string[] {
  const source =
    spec.kind === "registry" ? "the npm registry" : printable(npmSpec(spec).replace(/^file:/, ""), 120);
  return [
    `${name} ${version} from ${source}`,
    ...providers.map(({ entry: { id, title, flows, hosts = [] } }) => {
      const reach = hosts.map((host) => (host === "configured" ? "an address that you give" : host));
      const talks =
        reach.length === 0
          ? "declares no host that it talks to"
          : `declares that it talks to ${reach.join(", ")}`;
      return `  provider ${id} (${title}): ${flows.join(", ")}; ${talks}`;
    }),
    ...commands.map((id) => `  command ${id.replaceAll(":", " ")}`),
    "Its code will run with your rights and can read the credentials that you sign in with.",
  ];
}
