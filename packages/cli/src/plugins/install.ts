import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { MeshauthError, type PluginProblem } from "@meshauth/core";
import { type ListedPlugin, type Preview, readPluginList } from "../loader/index.js";
import { changePlugins } from "./change.js";
import { addToList, ensureList, type ListEntry } from "./list-file.js";
import { npmSpec, type PluginSpec } from "./spec.js";
import { withStaged } from "./stage.js";
import type { PluginWork } from "./work.js";

/** What an installation came to. */
export interface Installed {
  readonly name: string;
  readonly version: string;
  /** The version that was there before. */
  readonly previous: string | null;
}

/**
 * Installs a package: fetches it aside, looks at it without running any of it, asks, and only then changes
 * what is installed. When anything fails the old state is kept.
 *
 * @param approve - Decides whether this package may be installed; throws when not.
 * @throws MeshauthError `MESHAUTH_E_PLUGIN` for a package that is no plugin, does not fit, or takes what
 *   belongs to another.
 */
export async function installPlugin(
  spec: PluginSpec,
  work: PluginWork,
  approve: (staged: ListedPlugin, preview: Preview) => Promise<void>,
): Promise<Installed> {
  return await withStaged(spec, work, async (staged) => {
    const expected = await examine(staged, work);
    await approve(staged, expected);
    return await changePlugins(work, () => place(spec, staged, expected, work));
  });
}

async function place(
  spec: PluginSpec,
  staged: ListedPlugin,
  expected: Preview,
  work: PluginWork,
): Promise<Installed> {
  const { name } = staged;
  const { dataDir, npm } = work;
  await ensureList(dataDir);
  const before = (await readPluginList(dataDir)).plugins.find((plugin) => plugin.name === name);
  if (before?.origin === "link") throw isLinked(before);
  // Meanwhile another process may have installed what takes the same names.
  await examine(staged, work);
  const previous = before === undefined ? undefined : (await work.session.preview(before)).version;
  // The version that was looked at, and not whatever the tag has come to mean since.
  const exact: PluginSpec = spec.kind === "registry" ? { ...spec, tag: expected.version ?? spec.tag } : spec;
  const root = join(dataDir, "node_modules", name);
  // npm leaves a package of the same version as it is, even when its files are damaged.
  await rm(root, { recursive: true, force: true });
  await npm("install", [npmSpec(exact)], dataDir);
  const placed = { ...staged, root };
  const result = await examine(placed, work);
  if (!isSame(expected, result)) {
    throw new MeshauthError("MESHAUTH_E_PLUGIN", {
      message: `What npm installed as ${name} is not the package that was looked at.`,
      why: "The package changed in between.",
      next: [`meshauth plugins install ${name}`],
    });
  }
  await addToList(dataDir, entryFor(name, spec));
  return { name, version: result.version ?? "", previous: previous ?? null };
}

/** What a package would bring; one that must not be installed is an error. */
async function examine(plugin: ListedPlugin, { session }: PluginWork): Promise<Preview> {
  const preview = await session.preview(plugin);
  if (preview.problem) throw refused(plugin.name, preview.problem);
  return preview;
}

/** An error for a package that cannot be a plugin here. */
export function refused(name: string, { reason, next }: PluginProblem): MeshauthError {
  return new MeshauthError("MESHAUTH_E_PLUGIN", {
    message: `${name} cannot be used as a plugin.`,
    why: reason,
    // Nothing was installed, so there is nothing to remove.
    next: next.endsWith(` ${name}`) || next.endsWith("update") ? ["meshauth plugins"] : [next],
  });
}

function isLinked({ name, root }: ListedPlugin): MeshauthError {
  return new MeshauthError("MESHAUTH_E_PLUGIN", {
    message: `${name} is linked to ${root}.`,
    why: "A plugin is either linked or installed.",
    next: [`meshauth plugins uninstall ${name}`],
  });
}

function entryFor(name: string, spec: PluginSpec): ListEntry {
  return spec.kind === "registry"
    ? { name, type: "user", tag: spec.tag }
    : { name, type: "user", url: npmSpec(spec) };
}

function isSame(a: Preview, b: Preview): boolean {
  const facts = ({ version, providers, commands }: Preview) => [
    version,
    providers.map(({ entry }) => entry),
    commands,
  ];
  return isDeepStrictEqual(facts(a), facts(b));
}
