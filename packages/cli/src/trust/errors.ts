import { MeshauthError, PACKAGE_NAME, printable } from "@meshauth/core";
import type { ListedPlugin } from "../loader/plugin-list.js";
import { installCommand, pluginCommand } from "../plugins/plugin-command.js";
import { withoutPasswords } from "../plugins/without-passwords.js";
import type { Standing } from "./standing.js";
import { type TrustRecord, trustPath } from "./trust-file.js";

/**
 * An error for a plugin whose files are not those that were installed.
 *
 * @param record - What is known of the installation: its version is told, as installing it again may bring a newer one.
 */
export function tampered(plugin: ListedPlugin, reason: string, record?: TrustRecord): MeshauthError {
  const was = record === undefined ? "" : ` Version ${printable(record.version, 60)} was installed.`;
  return new MeshauthError("MESHAUTH_E_TAMPERED", {
    message: `${printable(plugin.name)} is not as it was installed.`,
    why: `${reason} None of its code is run.${was}`,
    next: [...new Set([againCommand(plugin), pluginCommand("uninstall", plugin.name)])],
  });
}

/** An error for a plugin that nobody has allowed to run. */
export function consentNeeded(
  { name }: Pick<ListedPlugin, "name">,
  standing: Extract<Standing, { state: "untrusted" }> | undefined,
  dataDir: string,
): MeshauthError {
  return new MeshauthError("MESHAUTH_E_CONSENT", {
    message:
      standing?.record?.lapsed === "withdrawn"
        ? `${printable(name)} may run no longer.`
        : `Nobody has allowed ${printable(name)} to run yet.`,
    why: whyNot(standing, dataDir),
    next: [pluginCommand("trust", name, "--yes")],
  });
}

const LAPSED = {
  new: "A login at a terminal asks before a plugin's first use, and nobody is asked here.",
  withdrawn: "The permission was withdrawn. A login at a terminal asks again, and nobody is asked here.",
  updated:
    "Its files are others than those that were allowed. A login at a terminal asks, and nobody is asked here.",
  moved: "A package that it needs is another now. A login at a terminal asks, and nobody is asked here.",
} as const;

function whyNot(standing: Extract<Standing, { state: "untrusted" }> | undefined, dataDir: string): string {
  if (standing?.problem !== undefined)
    return `What was allowed is not known: ${trustPath(dataDir)} counts for nothing. ${standing.problem}`;
  if (standing?.record === undefined)
    return "Nothing is recorded of its installation, and nobody is asked here.";
  return LAPSED[standing.record.lapsed ?? "new"];
}

/** The command that installs a plugin again. An update takes a password out of the list, where nobody sees it. */
function againCommand({ name, tag = "latest", url }: ListedPlugin): string {
  if (url === undefined ? !PACKAGE_NAME.test(name) : url !== withoutPasswords(url))
    return pluginCommand("update", name);
  return installCommand(url?.replace(/^file:/, "") ?? (tag === "latest" ? name : `${name}@${tag}`));
}
