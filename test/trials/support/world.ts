import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { AuthStore, type Details } from "@meshauth/auth-store";
import type { Simulator, SimulatorOptions, TokenOptions } from "@meshauth/meshery-simulator";
import { atEnd } from "../../support/cleanup.js";
import { offlineHome } from "../../support/offline.js";
import type { Home } from "../../support/program.js";
import { simulated } from "../../support/simulated.js";
import { dataDir } from "../../support/third-party.js";
import { type Gate, openGate } from "./gate.js";

/** A home, a cloud behind a gate, and what a trial wants to know of them. */
export interface World {
  readonly home: Home;
  readonly simulator: Simulator;
  readonly gate: Gate;
  readonly store: AuthStore;
  /** Signs in as meshauth does. @returns the token. */
  signIn(options?: TokenOptions): Promise<string>;
  /** Takes everything in the home away, and forgets what was asked for. */
  reset(): void;
  /** What the file held after each {@link signIn}. */
  history(): readonly string[];
  /** The last of them. */
  before(): string;
  /** Names in meshauth's own folder of files that hold a token. */
  secretsBeside(): string[];
  /**
   * Lets ten minutes and one more writer pass. The record of a process that was killed while it was placing its lock,
   * and what a killed login had staged, have no owner that can be told before that.
   */
  tidyUp(): Promise<void>;
  /** For a trial's own use. */
  readonly counts: { lost: number };
  /** The text of the credential file. */
  text(): string;
  /** The token in the credential file; empty when it has none. */
  token(): string;
  /** Everything beside the credential file that a process left there. */
  leftovers(): string[];
  /** The tokens in the complete staged files. */
  stagedTokens(): string[];
}

export interface WorldOptions extends SimulatorOptions {
  /** Whether the simulated Meshery Server stands between; else there is none. */
  readonly server?: boolean;
}

export async function makeWorld({ server = false, ...options }: WorldOptions = {}): Promise<World> {
  const simulator = await simulated(options);
  const gate = await openGate(simulator.cloud.url);
  atEnd(() => gate.close());
  const home = offlineHome(server ? { MESHERY_SERVER_URL: simulator.server.url } : {});
  const store = new AuthStore({ file: home.authJson, dataDir: dataDir(home) });
  const texts: string[] = [];
  // The server looks a provider up by its address, and knows the cloud's own.
  const providerUrl = server ? simulator.cloud.url : gate.url;
  return {
    home,
    simulator,
    gate,
    store,
    async signIn(wanted = { expired: true }) {
      const token = simulator.cloud.issueToken(wanted);
      const commit = { members: membersOf(token), details: detailsFor(providerUrl), keepPrevious: true };
      await store.commit(() => commit);
      texts.push(readFileSync(home.authJson, "latin1"));
      return token;
    },
    reset() {
      for (const folder of [home.meshery, dataDir(home), join(home.path, ".cache")])
        rmSync(folder, { recursive: true, force: true });
      gate.exchanges.length = 0;
      texts.length = 0;
    },
    history: () => texts,
    before: () => texts.at(-1) ?? "",
    secretsBeside: () => filesWithToken(dataDir(home)),
    async tidyUp() {
      await store.prepare();
      for (const name of readdirSync(home.meshery)) {
        if (!/^\.auth\.json\.[0-9a-f]{24}\.tmp$/.test(name)) continue;
        const time = Date.now() / 1000 - 660;
        utimesSync(join(home.meshery, name), time, time);
      }
      await store.prepare();
    },
    counts: { lost: 0 },
    text: () => readFileSync(home.authJson, "latin1"),
    token: () => tokenIn(readFileSync(home.authJson)),
    leftovers: () => readdirSync(home.meshery).filter((name) => name !== "auth.json"),
    stagedTokens: () =>
      readdirSync(home.meshery)
        .filter((name) => name.endsWith(".tmp"))
        .map((name) => {
          try {
            return tokenIn(readFileSync(join(home.meshery, name)));
          } catch {
            return "";
          }
        })
        .filter((token) => token !== ""),
  };
}

/** Tokens are envelopes, in files as they are or as a part of base64 again. */
function filesWithToken(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
    const path = join(folder, name);
    return statSync(path).isFile() && /"content"|eyJhY2Nlc3NfdG9rZW4i/.test(readFileSync(path, "latin1"));
  });
}

function membersOf(token: string): ReadonlyMap<string, string> {
  return new Map([
    ["meshery-provider", "Layer5"],
    ["token", token],
  ]);
}

function detailsFor(providerUrl: string): Details {
  return {
    provider: { id: "layer5", package: "@meshauth/provider-layer5", version: "0.0.0" },
    account: null,
    verified: false,
    savedAt: new Date().toISOString(),
    providerUrl,
  };
}

function tokenIn(bytes: Buffer): string {
  if (bytes.length === 0) return "";
  const { token } = JSON.parse(bytes.toString("utf8")) as { token?: string };
  return token ?? "";
}
