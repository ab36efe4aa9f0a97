import { providerProperties } from "../cloud/capabilities.js";
import { type EraRules, inCasing } from "../era.js";
import { HOSTILE_TEXT } from "../hostile.js";

/** A provider that the simulated Meshery Server is to offer. */
export interface ProviderOption {
  readonly type: "local" | "remote";
  /** Default: the era's name. */
  readonly name?: string;
  /** The key in `/api/providers`. Default: as the era makes it. */
  readonly key?: string;
  /** The remote's base address. Default: the simulated cloud. */
  readonly url?: string;
}

/** A provider as the server knows it. */
export type RegisteredProvider =
  | { readonly type: "local"; readonly key: string; readonly name: string }
  | { readonly type: "remote"; readonly key: string; readonly name: string; readonly url: string };

export type RemoteProvider = Extract<RegisteredProvider, { type: "remote" }>;

export interface Registry {
  readonly providers: readonly RegisteredProvider[];
  /** The provider that a cookie, header or query means. */
  resolve(value: string): RegisteredProvider | undefined;
  /** The body of `/api/providers`: sorted by key, as Go writes a map. */
  list(options: { readonly unprobed: boolean; readonly hostile: boolean }): Record<string, unknown>;
}

/** @param remoteName - What a remote is called that has no name of its own. */
export function createRegistry(
  rules: EraRules,
  options: readonly ProviderOption[],
  cloud: { readonly url: string; readonly remoteName: string },
): Registry {
  const providers: RegisteredProvider[] = [];
  for (const option of options) {
    const provider = register(rules, option, cloud);
    const same = providers.findIndex(({ key }) => key === provider.key);
    // The later of two takes the key; the earlier is known by its host from then on.
    const earlier = providers[same];
    if (earlier?.type === "remote") providers[same] = { ...earlier, key: new URL(earlier.url).host };
    else if (earlier) providers.splice(same, 1);
    providers.push(provider);
  }
  return {
    providers,
    resolve(value) {
      const exact = providers.find(({ key }) => key === value);
      if (exact || !rules.resolver) return exact;
      const local = value.toLowerCase() === "none" ? "Local" : value;
      return providers.find(({ name }) => name === local);
    },
    list({ unprobed, hostile }) {
      const sorted = [...providers].sort((a, b) => (a.key < b.key ? -1 : 1));
      return Object.fromEntries(
        sorted.map((provider) => {
          const shown =
            unprobed && provider.type === "remote"
              ? { ...provider, name: new URL(provider.url).host }
              : provider;
          const strange = hostile ? inCasing(rules, { providerDescription: [HOSTILE_TEXT] }) : {};
          return [
            `${provider.key}${hostile ? HOSTILE_TEXT : ""}`,
            { ...properties(rules, shown), ...strange },
          ];
        }),
      );
    },
  };
}

function register(
  rules: EraRules,
  option: ProviderOption,
  cloud: { readonly url: string; readonly remoteName: string },
): RegisteredProvider {
  if (option.type === "local") {
    const name = option.name ?? rules.localName;
    return { type: "local", name, key: option.key ?? name };
  }
  const url = option.url ?? cloud.url;
  const name = option.name ?? cloud.remoteName;
  return { type: "remote", name, url, key: option.key ?? (rules.keys === "host" ? new URL(url).host : name) };
}

function properties(rules: EraRules, provider: RegisteredProvider): Record<string, unknown> {
  if (provider.type === "remote") {
    return { ...providerProperties(rules, provider.name), ...inCasing(rules, { providerUrl: provider.url }) };
  }
  // No address at all: that is how mesheryctl knows the local provider.
  return inCasing(rules, {
    providerType: "local",
    packageVersion: "",
    packageUrl: "",
    providerName: provider.name,
    providerDescription: ["Ephemeral sessions", "Environment setup not saved"],
    extensions: {},
    capabilities: [],
  });
}
