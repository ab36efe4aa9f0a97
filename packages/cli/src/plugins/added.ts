import { asTyped } from "../as-typed.js";
import type { Preview } from "../loader/index.js";
import type { PackageFacts } from "./facts.js";

/** What a version reaches for that another one did not. */
export interface AddedFacts {
  /** Ids. */
  readonly providers: readonly string[];
  readonly commands: readonly string[];
  readonly hosts: readonly { readonly provider: string; readonly host: string }[];
  readonly flows: readonly { readonly provider: string; readonly flow: string }[];
  /** The hosts that the other one declared and this one does not, each once. Nobody is asked because of them. */
  readonly goneHosts: readonly string[];
}

/** What a version reaches for that another one does not. */
export function addedTo(before: Preview, next: Preview): AddedFacts {
  const known = new Map(before.providers.map(({ entry }) => [entry.id, entry]));
  const providers = next.providers.map(({ entry }) => entry);
  const hostsOf = (preview: Preview) => preview.providers.flatMap(({ entry }) => entry.hosts ?? []);
  const reached = new Set(hostsOf(next));
  return {
    providers: providers.filter(({ id }) => !known.has(id)).map(({ id }) => id),
    commands: next.commands.filter((id) => !before.commands.includes(id)).map(asTyped),
    hosts: providers.flatMap(({ id, hosts = [] }) =>
      hosts.filter((host) => !known.get(id)?.hosts?.includes(host)).map((host) => ({ provider: id, host })),
    ),
    flows: providers.flatMap(({ id, flows }) =>
      flows.filter((flow) => !known.get(id)?.flows.includes(flow)).map((flow) => ({ provider: id, flow })),
    ),
    goneHosts: [...new Set(hostsOf(before))].filter((host) => !reached.has(host)),
  };
}

/** Whether a package reaches for more than the installed version, or comes from another publisher. */
export function wantsMore(facts: Pick<PackageFacts, "added" | "installed" | "publisher">): boolean {
  if (facts.added === null || changedPublisher(facts)) return true;
  const { providers, commands, hosts, flows } = facts.added;
  return providers.length + commands.length + hosts.length + flows.length > 0;
}

/** Whether it is known who published the installed version, and this one is not known to be theirs. */
export function changedPublisher({
  installed,
  publisher,
}: Pick<PackageFacts, "installed" | "publisher">): boolean {
  const before = installed?.publisher ?? null;
  return before !== null && before !== publisher?.user;
}
