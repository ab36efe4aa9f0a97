/**
 * A time in Meshery's history. What a server and its cloud of that time do differs in ways that a client
 * has to cope with: July 2021 (v0.5.3x), late 2024, April 2026, and June 2026.
 */
export type Era = "2021" | "2024" | "2026-04" | "2026-06";

/** The eras, oldest first. */
export const ERAS: readonly Era[] = ["2021", "2024", "2026-04", "2026-06"];

/** What is different from era to era. */
export interface EraRules {
  readonly era: Era;
  /** `build` of `/api/system/version`. */
  readonly build: string;
  /** How JSON members are spelled: `provider_url` or `providerUrl`. */
  readonly casing: "snake" | "camel";
  /** What the keys of `/api/providers` are: the provider's name, or for a remote the host of its address. */
  readonly keys: "name" | "host";
  readonly localName: "None" | "Local";
  readonly remoteName: string;
  /** Names are matched by key, name, and `None` in any case for the local provider; else exactly by key. */
  readonly resolver: boolean;
  /** An empty provider cookie ends the search for the provider's name. */
  readonly cookieEndsSearch: boolean;
  /**
   * How a token is checked. `refresh`: verify, else refresh and verify. `introspect`: verify, then
   * introspect what can expire. `renew`: verify or introspect, else refresh.
   */
  readonly validity: "refresh" | "introspect" | "renew";
  /** A token that is not base64 is taken as a bare access token. */
  readonly bareTokens: boolean;
  /** What the server sends to the cloud after `Authorization: bearer`. */
  readonly bearer: "access-token" | "whole";
  /** Headers that go to the cloud beside `Authorization`. */
  readonly systemId: boolean;
  readonly apiKey: boolean;
  /** Errors are JSON, a provider that is down is a 503, and failures are counted in a cookie. */
  readonly jsonErrors: boolean;
  /** The path of the cloud's login that the server redirects to. */
  readonly loginPath: "" | "/login";
  /** Whether the local provider's `/user/login` redirects; else an empty 200. */
  readonly localLoginRedirects: boolean;
  /** The status with which the tokens API answers a creation. */
  readonly tokenCreated: 200 | 201;
}

const RULES: Readonly<Record<Era, EraRules>> = {
  "2021": {
    era: "2021",
    build: "v0.5.36",
    casing: "snake",
    keys: "name",
    localName: "None",
    remoteName: "Meshery",
    resolver: false,
    cookieEndsSearch: true,
    validity: "refresh",
    bareTokens: false,
    bearer: "access-token",
    systemId: false,
    apiKey: false,
    jsonErrors: false,
    loginPath: "",
    localLoginRedirects: false,
    tokenCreated: 200,
  },
  "2024": {
    era: "2024",
    build: "v0.7.160",
    casing: "snake",
    keys: "name",
    localName: "None",
    remoteName: "Meshery",
    resolver: false,
    cookieEndsSearch: true,
    validity: "introspect",
    bareTokens: false,
    bearer: "whole",
    systemId: true,
    apiKey: false,
    jsonErrors: false,
    loginPath: "/login",
    localLoginRedirects: false,
    tokenCreated: 200,
  },
  "2026-04": {
    era: "2026-04",
    build: "v0.9.20",
    casing: "camel",
    keys: "name",
    localName: "None",
    remoteName: "Layer5",
    resolver: false,
    cookieEndsSearch: true,
    validity: "renew",
    bareTokens: true,
    bearer: "whole",
    systemId: true,
    apiKey: false,
    jsonErrors: true,
    loginPath: "/login",
    localLoginRedirects: true,
    tokenCreated: 200,
  },
  "2026-06": {
    era: "2026-06",
    build: "v1.0.4",
    casing: "camel",
    keys: "host",
    localName: "Local",
    remoteName: "Layer5",
    resolver: true,
    cookieEndsSearch: false,
    validity: "renew",
    bareTokens: true,
    bearer: "whole",
    systemId: true,
    apiKey: true,
    jsonErrors: true,
    loginPath: "/login",
    localLoginRedirects: true,
    tokenCreated: 201,
  },
};

export function eraRules(era: Era): EraRules {
  return RULES[era];
}

/** Spells the members of an object as the era does. Give them in camel case. */
export function inCasing(
  rules: Pick<EraRules, "casing">,
  members: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (rules.casing === "camel") return { ...members };
  const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [snake(name), value]));
}
