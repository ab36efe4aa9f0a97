import { MeshauthError, PACKAGE_NAME, printable } from "@meshauth/core";
import { asTyped } from "../as-typed.js";
import type { ListedPlugin } from "../loader/index.js";
import { tampered } from "../trust/errors.js";
import { askFirstUse } from "../trust/first-use.js";
import { grant, withdraw } from "../trust/grant.js";
import { standingOf } from "../trust/standing.js";
import type { TrustRecord } from "../trust/trust-file.js";
import { requireAnswer } from "./consent.js";
import { pluginCommand } from "./plugin-command.js";
import type { PluginWork } from "./work.js";

/** The document of `plugins trust` and `plugins distrust`. */
export interface TrustReport {
  readonly plugin: Pick<ListedPlugin, "name" | "origin"> & { readonly version: string | null };
  /** Whether its code may run. */
  readonly trusted: boolean;
  /** `sha512-…` over the files that may run; null for a linked folder, whose files may change. */
  readonly digest: string | null;
  /** `sha512-…` of the tarball that it came in, where that is known. */
  readonly integrity: string | null;
  /** RFC 3339. */
  readonly consentedAt: string | null;
}

/**
 * Allows a plugin's code to run before its first use, after a question.
 *
 * @throws MeshauthError `MESHAUTH_E_TAMPERED` for files that are not those that were installed: there is no way to
 *   allow them but to install it again; `MESHAUTH_E_PLUGIN` for a name that leads elsewhere than to a package;
 *   `MESHAUTH_E_INTERACTION`, `MESHAUTH_E_INTERRUPTED`.
 */
export async function trustPlugin(plugin: ListedPlugin, work: PluginWork): Promise<TrustReport> {
  if (!PACKAGE_NAME.test(plugin.name)) throw noName(plugin);
  const { version = "", commands, providers } = await work.session.preview(plugin);
  if (plugin.origin === "link") return report(plugin, version, true, undefined);
  const standing = await standingOf(work, plugin.name);
  if (standing.state === "changed") throw tampered(plugin, standing.reason, standing.record);
  const { record, digest } = standing;
  if (standing.state === "trusted") return report(plugin, version, true, standing.record);
  requireAnswer(work, pluginCommand("trust", plugin.name, "--yes"));
  const { yes, say, terminal, signal } = work;
  await askFirstUse(
    { name: plugin.name, version, record, digest, providers, commands: commands.map(asTyped) },
    {
      signal,
      say,
      confirm: async (message) => yes || (await terminal.confirm({ message, initial: false }, signal)),
    },
  );
  return report(plugin, version, true, await grant(work, { plugin, version, digest, now: work.now() }));
}

function noName({ name }: ListedPlugin): MeshauthError {
  return new MeshauthError("MESHAUTH_E_PLUGIN", {
    message: `${printable(name)} cannot be allowed to run.`,
    why: "The list of plugins is damaged: this is not the name of a package.",
    next: [pluginCommand("trust", name)],
  });
}

/**
 * Withdraws what was allowed. A plugin that is damaged in whatever way can be distrusted.
 *
 * @throws MeshauthError `MESHAUTH_E_USAGE` for a linked folder, which is the user's own.
 */
export async function distrustPlugin(plugin: ListedPlugin, work: PluginWork): Promise<TrustReport> {
  if (plugin.origin === "link") {
    throw new MeshauthError("MESHAUTH_E_USAGE", {
      message: `${printable(plugin.name)} is linked.`,
      why: "A linked folder is your own work, and nobody is asked about it.",
      next: [pluginCommand("uninstall", plugin.name)],
    });
  }
  const { version = "" } = await work.session.preview(plugin);
  return report(plugin, version, false, await withdraw(work, plugin));
}

function report(
  { name, origin }: ListedPlugin,
  version: string,
  trusted: boolean,
  record: TrustRecord | undefined,
): TrustReport {
  const { digest = null, integrity = null, consentedAt = null } = record ?? {};
  return {
    plugin: { name, version: version === "" ? null : version, origin },
    trusted,
    digest,
    integrity,
    consentedAt,
  };
}
