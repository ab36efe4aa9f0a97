import { type InstalledProvider, MeshauthError, printable } from "@meshauth/core";
import { withoutPasswords } from "../plugins/without-passwords.js";
import { hostText, paragraph, row } from "./rows.js";
import type { TrustRecord } from "./trust-file.js";

/** A plugin whose code is about to run for the first time. */
export interface FirstUse {
  readonly name: string;
  readonly version: string;
  readonly record: TrustRecord | undefined;
  /** Over its files as they are now. */
  readonly digest: string;
  readonly providers: readonly Pick<InstalledProvider, "entry">[];
  /** Its commands, as they are typed. */
  readonly commands: readonly string[];
}

/** The person who can be asked. */
export interface Person {
  readonly signal: AbortSignal;
  say(text: string): void;
  confirm(message: string): Promise<boolean>;
}

/** What is shown of a plugin before its code runs for the first time, or for the first time after an update. */
export function firstUseText(use: FirstUse): string[] {
  const { name, version, record, digest, providers, commands } = use;
  const { publisher = null, source = null, integrity = null, installedAt = null } = record ?? {};
  const installed = installedAt === null ? "not by meshauth" : installedAt.slice(0, 10);
  return [
    ...paragraph(`${printable(name)} ${version} may not run yet: ${reasonOf(record)}.`),
    ...row("publisher", publisher === null ? "not known" : printable(publisher, 60)),
    ...row(
      "installed",
      `${installed}${source === null ? "" : `, from ${printable(withoutPasswords(source), 200)}`}`,
    ),
    ...row("integrity", integrity ?? "not known"),
    ...row("files", digest),
    ...providers.flatMap(({ entry: { id, title, flows, hosts = [] } }) =>
      row(
        "provider",
        `${id} (${title}): ${flows.join(", ")}; ${
          hosts.length === 0
            ? "it declares no host that it talks to"
            : `it declares that it talks to ${hosts.map(hostText).join(", ")}`
        }`,
      ),
    ),
    ...commands.flatMap((command) => row("command", command)),
    ...row("rights", RIGHTS),
  ];
}

const REASONS = {
  withdrawn: "its permission was withdrawn",
  updated: "it was updated",
  moved: "a package that it needs is another now",
} as const;

function reasonOf(record: TrustRecord | undefined): string {
  return record?.lapsed === undefined ? "it is new here" : REASONS[record.lapsed];
}

const RIGHTS =
  "all of yours: its code can read your files and the credentials that you sign in with. What it declares does not bind it.";

/** Asks whether a plugin's code may run; Enter means no. @throws MeshauthError `MESHAUTH_E_INTERRUPTED` for a no. */
export async function askFirstUse(use: FirstUse, person: Person): Promise<void> {
  for (const line of firstUseText(use)) person.say(line);
  if (await person.confirm(`Let ${printable(use.name)} run?`)) return;
  throw new MeshauthError("MESHAUTH_E_INTERRUPTED", {
    message: `${printable(use.name)} was not run, and nothing was changed.`,
  });
}
