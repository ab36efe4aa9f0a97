import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { MeshauthError, type PluginProblem, printable } from "@meshauth/core";
import { type ListedPlugin, type Preview, readPluginList } from "../loader/index.js";
import { digestOf, digestOfFolder } from "../trust/digest.js";
import { keepingOthers, putRecord } from "../trust/records.js";
import { modulesOf, standingNow } from "../trust/standing.js";
import { orUnsafe } from "./bounds.js";
import { changePlugins } from "./change.js";
import type { Agreement } from "./consent.js";
import { gatherFacts, type PackageFacts } from "./facts.js";
import { addToList, ensureList, type ListEntry } from "./list-file.js";
import { forgetLocked, placedPackages } from "./lock-file.js";
import { placeOf } from "./place.js";
import { npmSpec, type PluginSpec } from "./spec.js";
import { type Staged, withStaged } from "./stage.js";
import { findUnseen } from "./unseen.js";
import type { PluginWork } from "./work.js";

/** What an installation came to. */
export interface Installed {
  readonly name: string;
  readonly version: string;
  /** The version that was there before. */
  readonly previous: string | null;
  readonly facts: PackageFacts;
}

/**
 * Decides whether a package may be installed; throws when not. `same`: it reaches no further than the installed
 * version, so nobody was asked about the installation.
 */
export type Approve = (facts: PackageFacts) => Promise<Agreement | "same">;

/**
 * Installs a package: fetches it aside, looks at it without running any of it, asks, and only then changes
 * what is installed. When anything fails the old state is kept.
 *
 * @throws MeshauthError `MESHAUTH_E_PLUGIN` for a package that is no plugin, does not fit, or takes what
 *   belongs to another; `MESHAUTH_E_PLUGIN_UNSAFE` and `MESHAUTH_E_SIGNATURE` for one that nobody should install.
 */
export async function installPlugin(
  spec: PluginSpec,
  work: PluginWork,
  approve: Approve,
): Promise<Installed> {
  return await withStaged(spec, work, async (staged) => {
    const expected = await examine(staged.plugin, work);
    const before = await listed(staged.plugin.name, work);
    if (before?.origin === "link") throw isLinked(before);
    const installed = before && { preview: await work.session.preview(before), plugin: before };
    const facts = await gatherFacts(spec, staged, expected, installed, work);
    const agreement = await approve(facts);
    return await changePlugins(work, () => place({ spec, staged, expected, facts, agreement }, work));
  });
}

interface Approved {
  readonly spec: PluginSpec;
  readonly staged: Staged;
  readonly expected: Preview;
  readonly facts: PackageFacts;
  readonly agreement: Agreement | "same";
}

async function place(approved: Approved, work: PluginWork): Promise<Installed> {
  const { spec, staged, expected, facts } = approved;
  const { name } = staged.plugin;
  const { dataDir, npm } = work;
  await ensureList(dataDir);
  const before = await listed(name, work);
  if (before?.origin === "link") throw isLinked(before);
  // Meanwhile another process may have installed what takes the same names.
  await examine(staged.plugin, work);
  const previous = before === undefined ? undefined : (await work.session.preview(before)).version;
  const standing = before === undefined ? undefined : await standingNow(work, name);
  // The version that was looked at, and not whatever the tag has come to mean since.
  const exact: PluginSpec = spec.kind === "registry" ? { ...spec, tag: expected.version ?? spec.tag } : spec;
  const root = join(modulesOf(dataDir), name);
  const flags = [`--cache=${staged.cache}`, "--prefer-offline"];
  const seen = { looked: staged.packages, before: await placedPackages(dataDir) };
  await keepingOthers(work, name, async () => {
    // npm leaves a package of the same version as it is, even when its files are damaged.
    await rm(root, { recursive: true, force: true });
    await forgetLocked(dataDir, name);
    await npm.change("install", [npmSpec(exact)], dataDir, { flags });
  });
  const result = await examine({ ...staged.plugin, root }, work);
  const isSameCode = (await digestOfFolder(staged.plugin.root)) === (await digestOfFolder(root));
  if (!isSame(expected, result) || !isSameCode)
    throw changedMeanwhile(name, "The package changed in between.");
  const unseen = await findUnseen(name, dataDir, seen);
  if (unseen !== undefined)
    throw changedMeanwhile(name, `npm chose another ${printable(unseen, 200)} in between.`);
  const { digest } = await orUnsafe(name, () => digestOf(root, modulesOf(dataDir)));
  const consentedAt = consentOf(approved, standing, digest, work);
  const earlier = standing?.record;
  const lapsed = earlier?.consentedAt ? "updated" : earlier?.lapsed;
  await putRecord(work, name, {
    version: facts.version,
    digest,
    integrity: facts.integrity,
    source: placeOf({
      ...staged.plugin,
      ...(spec.kind === "registry" ? { tag: spec.tag } : { url: npmSpec(spec) }),
    }),
    publisher: facts.publisher?.user ?? null,
    installedAt: work.now().toISOString(),
    consentedAt,
    ...(consentedAt === null && lapsed !== undefined ? { lapsed } : {}),
  });
  await addToList(dataDir, entryFor(name, spec));
  return { name, version: result.version ?? "", previous: previous ?? null, facts };
}

/** When its code was allowed to run. A consent is to certain files: it is kept for those, and for no others. */
function consentOf(
  { agreement }: Approved,
  standing: Awaited<ReturnType<typeof standingNow>> | undefined,
  digest: string,
  { now }: PluginWork,
): string | null {
  if (agreement === "for-good") return now().toISOString();
  const kept = standing?.state === "trusted" ? standing.record : undefined;
  return kept?.digest === digest ? kept.consentedAt : null;
}

async function listed(name: string, { dataDir }: PluginWork): Promise<ListedPlugin | undefined> {
  return (await readPluginList(dataDir)).plugins.find((plugin) => plugin.name === name);
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
    next: [nextWithout(name, next)],
  });
}

/** Nothing was installed, so there is nothing to remove; another version may do. */
function nextWithout(name: string, next: string): string {
  if (next === `meshauth plugins update ${name}`) return `npm view ${name} versions`;
  return next.endsWith(` ${name}`) || next.endsWith("reset") ? "meshauth plugins" : next;
}

function changedMeanwhile(name: string, why: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_PLUGIN", {
    message: `What npm installed as ${name} is not the package that was looked at.`,
    why,
    next: [`meshauth plugins install ${name}`],
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
