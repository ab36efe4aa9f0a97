import { statSync } from "node:fs";
import { MeshauthError, printable } from "@meshauth/core";
import { type AllowList, isAllowed } from "./allow-list.js";
import type { PackageFacts } from "./facts.js";
import { introduction } from "./introduction.js";
import type { PluginSpec } from "./spec.js";
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
  throw nobody([command]);
}

/**
 * The same for a package: nothing is fetched when neither a person nor the list of allowed tarballs can agree to it.
 *
 * @throws MeshauthError `MESHAUTH_E_INTERACTION`
 */
export function requireConsent(
  { yes, terminal, allowList }: Pick<PluginWork, "yes" | "terminal" | "allowList">,
  spec: PluginSpec,
  command: string,
): void {
  if (yes || terminal.interactive) return;
  // A folder has no integrity to be known by.
  if (isFolder(spec)) throw notAllowed(allowList, command, undefined, null);
  const { allowed } = allowList;
  const may = spec.kind === "registry" ? allowed.some(({ name }) => name === spec.name) : allowed.length > 0;
  if (may) return;
  throw spec.kind === "registry"
    ? notAllowed(allowList, command, spec.name, undefined, integrityCommand(spec))
    : notAllowed(allowList, command);
}

/** The command that prints the integrity of a package's tarball. */
function integrityCommand({ name, tag }: { readonly name: string; readonly tag: string }): string {
  return `npm view ${name}@${/^\d[\w.+-]*$/.test(tag) ? tag : "VERSION"} dist.integrity`;
}

function isFolder(spec: PluginSpec): boolean {
  return spec.kind === "file" && (statSync(spec.path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

/** Who agreed to a package: somebody who said so for good, or a person who was asked about the installation. */
export type Agreement = "for-good" | "asked";

/**
 * Shows what a package is and asks whether it may be installed.
 *
 * @param command - The command that would work where nobody can be asked.
 * @throws MeshauthError `MESHAUTH_E_INTERRUPTED` for a no, `MESHAUTH_E_INTERACTION` where nobody agrees.
 */
export async function askConsent(
  facts: PackageFacts,
  work: Pick<PluginWork, "yes" | "terminal" | "signal" | "say" | "allowList" | "now">,
  command: string,
): Promise<Agreement> {
  const { yes, terminal, allowList } = work;
  const { package: name, integrity } = facts;
  for (const line of introduction(facts, work.now())) work.say(line);
  if (yes) return "for-good";
  if (!terminal.interactive) {
    if (!isAllowed(allowList, name, integrity)) throw notAllowed(allowList, command, name, integrity);
    work.say(`${allowList.path} allows it.`);
    return "for-good";
  }
  if (await terminal.confirm({ message: question(facts), initial: false }, work.signal)) return "asked";
  throw new MeshauthError("MESHAUTH_E_INTERRUPTED", { message: "Nothing was installed." });
}

function question({ package: name, version, installed }: PackageFacts): string {
  const before = installed?.version ?? null;
  return before === null || before === version
    ? `Install ${name}?`
    : `Update ${name} from ${printable(before, 60)} to ${version}?`;
}

function notAllowed(
  { path, problem }: AllowList,
  command: string,
  name = "NAME",
  integrity: string | null = "sha512-…",
  found?: string,
): MeshauthError {
  const entry = JSON.stringify({ name, integrity });
  return nobody(
    [
      command,
      // A folder has no tarball, and nothing that it could be known by.
      ...(integrity === null ? [] : [`Add ${printable(entry, 400)} to "allowed" in ${path}.`]),
      ...(found === undefined ? [] : [`To see its integrity: ${found}`]),
    ],
    problem === undefined ? undefined : `${path} counts for nothing: ${problem}`,
  );
}

function nobody(next: readonly string[], why?: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_INTERACTION", {
    message: "Nobody can be asked whether this may be done.",
    ...(why === undefined ? {} : { why }),
    next,
  });
}
