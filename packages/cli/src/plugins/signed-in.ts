import { MeshauthError, printable, type Runtime, type StatusReport, status } from "@meshauth/core";
import type { ListedPlugin } from "../loader/index.js";
import type { PluginWork } from "./work.js";

/**
 * Asks before a plugin is removed whose providers somebody is signed in with: without its code the token cannot be
 * revoked any more. Where nobody can be asked it is a warning.
 *
 * @throws MeshauthError `MESHAUTH_E_INTERRUPTED` for a no.
 */
export async function warnOfLogins(
  plugin: ListedPlugin,
  runtime: Runtime,
  { session, terminal, signal, say }: PluginWork,
): Promise<void> {
  const names = session.registry.providers
    .filter(({ package: name, origin }) => name === plugin.name && origin === plugin.origin)
    .flatMap(({ entry }) => entry.serverNames ?? []);
  if (names.length === 0) return;
  // A damaged config must not keep anybody from removing a plugin.
  const report = await status(runtime, {}).then(
    (found) => found.report,
    () => undefined,
  );
  const held = report === undefined ? undefined : loginWith(names, report);
  if (held === undefined) return;
  const flag = held.name === report?.current ? "" : " --all";
  const where = flag === "" ? "" : ` in the context ${printable(held.name ?? "", 60)}`;
  say(
    `You are signed in with ${printable(plugin.name)}${where}. Run \`meshauth logout${flag}\` first, or the token stays valid.`,
  );
  if (!terminal.interactive) return;
  if (await terminal.confirm({ message: "Remove it all the same?", initial: false }, signal)) return;
  throw new MeshauthError("MESHAUTH_E_INTERRUPTED", { message: "Nothing was removed." });
}

/** The first credential, that of the current context before others, which holds a token of one of these providers. */
function loginWith(
  names: readonly string[],
  { contexts }: StatusReport,
): StatusReport["contexts"][number] | undefined {
  return contexts.find(
    ({ source, state, provider }) =>
      source === "file" &&
      (state === "valid" || state === "refreshable") &&
      provider !== null &&
      names.includes(provider),
  );
}
