import { AuthStore, type Details } from "@meshauth/auth-store";
import type { SimulatorOptions } from "@meshauth/meshery-simulator";
import {
  createSigningKey,
  type SigningKey,
  type Simulator,
  startSimulator,
} from "@meshauth/meshery-simulator";
import { inspectToken } from "@meshauth/provider-api/format";
import { atEnd } from "./cleanup.js";
import { offlineHome } from "./offline.js";
import type { Home } from "./program.js";
import { dataDir } from "./third-party.js";

/** The store of a home's credential file. */
export function storeOf(home: Home, file: string = home.authJson): AuthStore {
  return new AuthStore({ file, dataDir: dataDir(home) });
}

export interface SignInOptions {
  /** Default: the home's. */
  readonly file?: string;
  readonly serverName?: string;
  readonly more?: Readonly<Record<string, string>>;
  readonly details?: Partial<Details>;
}

/** Puts a credential in place as a login by layer5 does, with all that meshauth keeps about it. */
export async function signIn(home: Home, token: string, options: SignInOptions = {}): Promise<void> {
  const { file = home.authJson, serverName = "Layer5", more = {}, details } = options;
  const { expiresAt } = inspectToken(token);
  const members = new Map([
    ...Object.entries(more),
    ["meshery-provider", serverName],
    ["token", token],
  ] as const);
  await storeOf(home, file).commit(() => ({
    members,
    keepPrevious: true,
    details: {
      provider: { id: "layer5", package: "@meshauth/provider-layer5", version: "0.0.0" },
      account: { id: "u-1", name: "Mira Solberg", email: "mira.solberg@example.com" },
      verified: true,
      savedAt: new Date().toISOString(),
      ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
      ...details,
    },
  }));
}

let signingKey: Promise<SigningKey> | undefined;

/** A cloud of its own and a home without a Meshery Server. */
export async function cloudHome(options: SimulatorOptions = {}): Promise<
  Simulator & {
    readonly home: Home;
    readonly signIn: (token: string, more?: SignInOptions) => Promise<string>;
  }
> {
  signingKey ??= createSigningKey();
  const simulator = await startSimulator({ signingKey: await signingKey, ...options });
  atEnd(() => simulator.close());
  const home = offlineHome();
  return {
    ...simulator,
    home,
    signIn: async (token, more = {}) => {
      await signIn(home, token, { ...more, details: { providerUrl: simulator.cloud.url, ...more.details } });
      return token;
    },
  };
}
