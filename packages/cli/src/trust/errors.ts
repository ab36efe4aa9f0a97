import { MeshauthError, PACKAGE_NAME, printable } from "@meshauth/core";
import type { ListedPlugin } from "../loader/plugin-list.js";
import type { Standing } from "./standing.js";
import { trustPath } from "./trust-file.js";

/** An error for a plugin whose files are not those that were installed. */
export function tampered(plugin: ListedPlugin, reason: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_TAMPERED", {
    message: `${printable(plugin.name)} is not as it was installed.`,
    why: `${reason} None of its code is run.`,
    next: [`meshauth plugins install ${sourceOf(plugin)}`, `meshauth plugins uninstall ${plugin.name}`],
  });
}

/** An error for a plugin that nobody has allowed to run. */
export function consentNeeded(
  { name }: Pick<ListedPlugin, "name">,
  standing: Extract<Standing, { state: "untrusted" }> | undefined,
  dataDir: string,
): MeshauthError {
  return new MeshauthError("MESHAUTH_E_CONSENT", {
    message: `Nobody has allowed ${printable(name)} to run yet.`,
    why: whyNot(standing, dataDir),
    next: [PACKAGE_NAME.test(name) ? `meshauth plugins trust ${name} --yes` : "meshauth plugins reset"],
  });
}

function whyNot(standing: Extract<Standing, { state: "untrusted" }> | undefined, dataDir: string): string {
  if (standing?.problem !== undefined)
    return `What was allowed is not known: ${trustPath(dataDir)} counts for nothing. ${standing.problem}`;
  if (standing?.record === undefined)
    return "Nothing is recorded of its installation, and nobody is asked here.";
  return "A plugin's first use is asked about once, and nobody is asked here, or the permission was withdrawn.";
}

/** What a plugin is installed from again, as it is typed. */
function sourceOf({ name, tag = "latest", url }: ListedPlugin): string {
  const text = url?.replace(/^file:/, "") ?? (tag === "latest" ? name : `${name}@${tag}`);
  return /^[\w@%+=:,./~^-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
