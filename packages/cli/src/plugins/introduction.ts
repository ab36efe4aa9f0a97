import { printable } from "@meshauth/core";
import { hostText, paragraph, row } from "../trust/rows.js";
import { type AddedFacts, changedPublisher } from "./added.js";
import type { PackageFacts } from "./facts.js";
import type { ClaimState } from "./signatures.js";

const RIGHTS = "Its code will run with your rights and can read the credentials that you sign in with.";

/** What is shown of a package before anybody agrees to it. */
export function introduction(facts: PackageFacts, now: Date): string[] {
  const { package: name, version, installed, added, size } = facts;
  return [
    ...paragraph(`${name} ${version} from ${sourceText(facts)}`),
    ...(installed === null ? [] : row("installed", installedText(facts))),
    ...registryRows(facts, now),
    ...facts.providers.flatMap((provider) => row("provider", providerText(provider, added))),
    ...(added === null || added.goneHosts.length === 0 ? [] : row("gone", goneText(added.goneHosts))),
    ...facts.commands.flatMap((command) =>
      row("command", `${command}${added?.commands.includes(command) ? " (new)" : ""}`),
    ),
    ...row("scripts", scriptsText(facts)),
    ...row("size", `${count(size.files, "file")}, ${amount(size.bytes)}`),
    ...row("brings", dependenciesText(facts)),
    ...(facts.conformance ? row("statement", "meshauth-conformance.json, by its author") : []),
    ...paragraph(RIGHTS),
  ];
}

function sourceText({ source: { kind, from } }: PackageFacts): string {
  if (kind === "registry")
    return from === null ? "the npm registry" : `the npm registry at ${printable(from, 200)}`;
  return printable(from ?? "an unknown place", 300);
}

function registryRows(facts: PackageFacts, now: Date): string[] {
  if (facts.source.kind !== "registry")
    return row("registry", `publisher, age, signature and provenance are ${notAvailable(facts.unknown)}`);
  return [
    ...row("publisher", `${publisherText(facts)}${publisherBefore(facts)}`),
    ...row("published", publishedText(facts, now)),
    ...row("signature", claimText(facts.signature)),
    ...row("provenance", claimText(facts.provenance)),
  ];
}

function installedText({ installed }: PackageFacts): string {
  if (installed === null) return "";
  const { version, source, sameSource } = installed;
  const other = sameSource ? "" : ": this one comes from elsewhere";
  return `${version ?? "an unreadable version"}, from ${printable(source, 200)}${other}`;
}

function publisherText({ publisher, unknown }: PackageFacts): string {
  if (publisher === null) return notAvailable(unknown);
  const { user, maintainers } = publisher;
  const others = maintainers.slice(0, 5).join(", ");
  const more = maintainers.length > 5 ? ` and ${maintainers.length - 5} more` : "";
  if (user === null && maintainers.length === 0) return notAvailable("the registry does not tell");
  return `${user ?? "not told"}${others === "" ? "" : ` (maintainers: ${others}${more})`}`;
}

function publisherBefore(facts: PackageFacts): string {
  return changedPublisher(facts)
    ? `; the installed version is ${printable(facts.installed?.publisher ?? "", 60)}'s`
    : "";
}

function publishedText({ published, unknown }: PackageFacts, now: Date): string {
  if (published === null) return notAvailable(unknown);
  const { version, first } = published;
  if (version === null) return notAvailable("the registry does not tell");
  const when = `${age(version, now)} ago (${version.slice(0, 10)})`;
  return first === null || first === version
    ? `${when}; it is the first version`
    : `${when}; its first version ${age(first, now)} ago (${first.slice(0, 10)})`;
}

function claimText({ state, reason }: ClaimState): string {
  if (state === "valid") return "good, as npm has checked";
  return state === "missing" ? `none: ${reason}` : notAvailable(reason);
}

function notAvailable(reason: string | null): string {
  return reason === null ? "not available" : `not available: ${reason}`;
}

function providerText(
  { id, title, flows, hosts }: PackageFacts["providers"][number],
  added: AddedFacts | null,
): string {
  const isNew = added?.providers.includes(id) ?? false;
  const mark = (found: boolean | undefined): string => (found && !isNew ? " (new)" : "");
  const ways = flows.map(
    (flow) => `${flow}${mark(added?.flows.some((other) => other.provider === id && other.flow === flow))}`,
  );
  const reach = hosts.map(
    (host) =>
      `${hostText(host)}${mark(added?.hosts.some((other) => other.provider === id && other.host === host))}`,
  );
  const talks =
    reach.length === 0
      ? "declares no host that it talks to"
      : `declares that it talks to ${reach.join(", ")}`;
  return `${id} (${title})${isNew ? " (new)" : ""}: ${ways.join(", ")}; ${talks}`;
}

function goneText(hosts: readonly string[]): string {
  return `${hosts.map(hostText).join(", ")} ${hosts.length === 1 ? "is" : "are"} declared no longer`;
}

function scriptsText({ installScripts, package: name }: PackageFacts): string {
  if (installScripts.length === 0) return "it has no install scripts";
  const shown = installScripts.slice(0, 3).map((script) => (script === name ? "its own" : `of ${script}`));
  const more = installScripts.length > 3 ? ` and of ${installScripts.length - 3} more` : "";
  return `install scripts, never run: ${shown.join(", ")}${more}`;
}

function dependenciesText({ dependencies, size: { totalBytes } }: PackageFacts): string {
  if (dependencies === 0) return "no other package";
  return `${count(dependencies, "other package")}, ${amount(totalBytes)} in all`;
}

function count(number: number, what: string): string {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}

function amount(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

const DAY_MS = 86_400_000;

/** How long ago a time is, in the largest unit of which it is more than one. */
function age(time: string, now: Date): string {
  const milliseconds = Math.max(0, now.getTime() - Date.parse(time));
  const units = [
    [365 * DAY_MS, "year"],
    [30 * DAY_MS, "month"],
    [DAY_MS, "day"],
    [3_600_000, "hour"],
  ] as const;
  const [size, unit] = units.find(([length]) => milliseconds >= 2 * length) ?? [60_000, "minute"];
  return count(Math.floor(milliseconds / size), unit);
}
