import { randomUUID } from "node:crypto";
import { createApiTokens } from "./cloud/api-tokens.js";
import { createBrowserSessions } from "./cloud/browser-sessions.js";
import { createCloud } from "./cloud/cloud.js";
import { createSessions } from "./cloud/sessions.js";
import { cloudControl } from "./cloud-control.js";
import { type Era, eraRules } from "./era.js";
import { createFaults } from "./faults/faults.js";
import { openListener } from "./http/listener.js";
import { createSigningKey, type SigningKey } from "./jwt.js";
import type { ServerContext } from "./server/context.js";
import { createRegistry, type ProviderOption, type RemoteProvider } from "./server/registry.js";
import { createRenewals } from "./server/renewals.js";
import { createServer } from "./server/server.js";
import { createUpstream } from "./server/upstream.js";
import type { RemoteParts } from "./server/validity.js";
import { createVerifier } from "./server/verify.js";
import type { Simulator } from "./types.js";
import { findUser, USERS } from "./users.js";

/** How a simulator is to be. */
export interface SimulatorOptions {
  /** Default: the newest. */
  readonly era?: Era;
  /** Ports on 127.0.0.1. Default 0: free ones. */
  readonly serverPort?: number;
  readonly cloudPort?: number;
  /** The providers that the server offers. Default: a local one, and the simulated cloud. */
  readonly providers?: readonly ProviderOption[];
  /** The key of the only provider allowed, as Meshery Server's variable `PROVIDER` sets it. */
  readonly enforcedProvider?: string;
  /** The cloud's name as a provider. Default: the era's, `Meshery` or `Layer5`. */
  readonly remoteName?: string;
  /**
   * Every browser already has a session at the cloud: of the first user, or of the one named here. A login
   * that is opened without the path `/login` then ends on the dashboard.
   */
  readonly signedIn?: boolean | string;
  /** The key that signs the tokens. Default: a fresh one; making it is the slowest part of starting. */
  readonly signingKey?: SigningKey;
  /** Seconds for which an access token of the cloud is valid. Default 3601. */
  readonly tokenLifetime?: number;
  /** The clock of both. Default: the real one. */
  readonly now?: () => Date;
}

/**
 * Starts a Meshery Server and its cloud on 127.0.0.1.
 *
 * @example
 * const simulator = await startSimulator({ era: "2024" });
 * const token = simulator.cloud.issueToken({ expired: true });
 * await fetch(`${simulator.server.url}/api/providers`);
 * await simulator.close();
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const rules = eraRules(options.era ?? "2026-06");
  const now = options.now ?? (() => new Date());
  const remoteName = options.remoteName ?? rules.remoteName;
  const key = options.signingKey ?? (await createSigningKey());
  const faults = createFaults();
  const leaving = new AbortController();
  const cloud = await openListener({ port: options.cloudPort ?? 0, now });
  const server = await openListener({ port: options.serverPort ?? 0, now }).catch(async (error: unknown) => {
    await cloud.close();
    throw error;
  });

  const sessions = createSessions({
    key,
    now,
    issuer: () => `${cloud.url}/hydra/`,
    lifetime: options.tokenLifetime,
  });
  const apiTokens = createApiTokens(sessions, now);
  const standing = typeof options.signedIn === "string" ? options.signedIn : USERS[0]?.id;
  const browsers = createBrowserSessions(options.signedIn ? findUser(USERS, standing ?? "") : undefined);
  cloud.serve(
    createCloud(
      { rules, remoteName, users: USERS, sessions, browsers, apiTokens, faults, key, now },
      cloud.url,
    ),
  );

  const instanceId = randomUUID();
  let remotes = new Map<string, RemoteParts>();
  const context: ServerContext = {
    rules,
    faults,
    now,
    enforced: options.enforcedProvider,
    registry: createRegistry(rules, options.providers ?? [{ type: "local" }, { type: "remote" }], {
      url: cloud.url,
      remoteName,
    }),
    remote({ url }: RemoteProvider) {
      const known = remotes.get(url);
      if (known) return known;
      const upstream = createUpstream(rules, url, { instanceId, signal: leaving.signal });
      const verify = createVerifier(rules, upstream, now);
      const parts = { upstream, verify, renewals: createRenewals(upstream, now) };
      remotes.set(url, parts);
      return parts;
    },
  };
  server.serve(createServer(context, cloud.url));

  return {
    era: rules.era,
    remoteName,
    server: {
      url: server.url,
      requests: server.requests,
      providers: context.registry.providers,
      restart() {
        remotes = new Map();
      },
    },
    cloud: {
      url: cloud.url,
      requests: cloud.requests,
      ...cloudControl({ sessions, apiTokens, users: USERS }),
    },
    faults: faults.control,
    async close() {
      leaving.abort();
      await Promise.all([server.close(), cloud.close()]);
    },
  };
}
