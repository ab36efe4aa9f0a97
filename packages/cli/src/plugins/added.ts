import type { Preview } from "../loader/index.js";

/** What a version reaches for that another one did not. */
export interface AddedFacts {
  /** Ids. */
  readonly providers: readonly string[];
  readonly commands: readonly string[];
  readonly hosts: readonly { readonly provider: string; readonly host: string }[];
  readonly flows: readonly { readonly provider: string; readonly flow: string }[];
}

/** What a version reaches for that another one does not. */
export function addedTo(before: Preview, next: Preview): AddedFacts {
  const known = new Map(before.providers.map(({ entry }) => [entry.id, entry]));
  const providers = next.providers.map(({ entry }) => entry);
  return {
    providers: providers.filter(({ id }) => !known.has(id)).map(({ id }) => id),
    commands: next.commands
      .filter((id) => !before.commands.includes(id))
      .map((id) => id.replaceAll(":", " ")),
    hosts: providers.flatMap(({ id, hosts = [] }) =>
      hosts.filter((host) => !known.get(id)?.hosts?.includes(host)).map((host) => ({ provider: id, host })),
    ),
    flows: providers.flatMap(({ id, flows }) =>
      flows.filter((flow) => !known.get(id)?.flows.includes(flow)).map((flow) => ({ provider: id, flow })),
    ),
  };
}

/** Whether there is anything in it. */
export function isMore({ providers, commands, hosts, flows }: AddedFacts): boolean {
  return providers.length + commands.length + hosts.length + flows.length > 0;
}
