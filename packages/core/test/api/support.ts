import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createSigningKey,
  type Era,
  type SigningKey,
  type Simulator,
  startSimulator,
} from "@meshauth/meshery-simulator";
import { onTestFinished } from "vitest";
import { type ApiDocument, type ApiInput, answerOf, api, apiDocument } from "../../src/api/index.js";
import { isMeshauthError, MeshauthError } from "../../src/errors/error.js";
import { buildRegistry, type Registry } from "../../src/registry/index.js";
import type { Runtime } from "../../src/runtime.js";
import { Secrets } from "../../src/secrets.js";

/** A provider that renews whatever it is given into the token that stands in a file, once. */
const RENEWER = `
import { readFile, rm } from "node:fs/promises";
function failure(code, message) {
  return Object.assign(new Error(message), { [Symbol.for("meshauth.ProviderError")]: true, code, next: [] });
}
export default {
  api: { major: 1, minor: 0 },
  id: "renewer",
  async login() {
    throw failure("interaction", "unused");
  },
  async refresh(credential, host) {
    const file = host.env.NEW_TOKEN_FILE;
    const token = await readFile(file, "utf8").catch(() => "");
    await rm(file, { force: true });
    if (token === "down") throw failure("unreachable", "The provider cannot be reached.");
    if (token === "") throw failure("denied", "The refresh token is used up.");
    return { ...credential, token };
  },
};
`;

async function renewer(root: string): Promise<Registry> {
  const entry = {
    id: "renewer",
    title: "Renewer",
    summary: "Renews.",
    module: "./index.js",
    flows: ["browser"],
    serverNames: ["Layer5", "Meshery"],
  };
  const manifest = {
    name: "meshauth-renewer",
    version: "1.0.0",
    type: "module",
    oclif: {},
    meshauth: { api: "1.0", providers: [entry] },
  };
  await mkdir(root);
  await writeFile(join(root, "package.json"), JSON.stringify(manifest));
  await writeFile(join(root, "index.js"), RENEWER);
  return await buildRegistry([{ name: manifest.name, root, origin: "user" }]);
}

let signingKey: Promise<SigningKey> | undefined;

export async function simulator(era: Era = "2026-06"): Promise<Simulator> {
  signingKey ??= createSigningKey();
  const started = await startSimulator({ era, signingKey: await signingKey });
  onTestFinished(() => started.close());
  return started;
}

export interface Person {
  readonly runtime: Runtime;
  readonly file: string;
  readonly warnings: string[];
  /** What the provider renews a credential into next; `down` when it cannot be reached. */
  willRenew(token: string): Promise<void>;
  /** The token in the file. */
  token(): Promise<string>;
}

export interface PersonOptions {
  readonly server: string;
  readonly serverName?: string;
  readonly token?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly signal?: AbortSignal;
}

/** Someone who is signed in, in a home of their own. */
export async function person(options: PersonOptions): Promise<Person> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "meshauth-api-")));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const file = join(home, ".meshery", "auth.json");
  await mkdir(join(home, ".meshery"), { mode: 0o700 });
  if (options.token !== undefined) {
    const members = { "meshery-provider": options.serverName ?? "Layer5", token: options.token };
    await writeFile(file, `${JSON.stringify(members)}\n`, { mode: 0o600 });
  }
  const newToken = join(home, "new-token");
  const warnings: string[] = [];
  const never = async (): Promise<never> => {
    throw new MeshauthError("MESHAUTH_E_INTERACTION");
  };
  const runtime: Runtime = {
    env: { MESHERY_SERVER_URL: options.server, NEW_TOKEN_FILE: newToken, ...options.env },
    platform: process.platform,
    home,
    cwd: home,
    dataDir: join(home, "data"),
    userAgent: "meshauth/0.0.0 test",
    registry: await renewer(join(home, "renewer")),
    surroundings: () => Promise.reject(new Error("unused")),
    terminal: {
      interactive: false,
      notify: ({ message }) => void warnings.push(message),
      ask: never,
      confirm: never,
      choose: never,
      wait: () => {
        throw new Error("unused");
      },
      async readStdin() {
        if (options.stdin === undefined) throw new MeshauthError("MESHAUTH_E_USAGE");
        return Buffer.from(options.stdin);
      },
    },
    secrets: new Secrets(),
    signal: options.signal ?? new AbortController().signal,
    now: () => new Date(),
    admit: async () => undefined,
    runProvider: (_name, run) => run(),
    debug: () => {},
  };
  return {
    runtime,
    file,
    warnings,
    willRenew: (token) => writeFile(newToken, token),
    token: async () => JSON.parse(await readFile(file, "utf8")).token,
  };
}

/** What a request printed, and what it failed with. */
export interface Printed {
  readonly head: string;
  readonly body: Buffer;
  readonly error: MeshauthError | undefined;
}

const DEFAULTS = { target: {}, path: "/api/user", headers: [], include: false, timeout: 20_000 } as const;

/** Runs `api`. */
export async function call({ runtime }: Person, input: Partial<ApiInput> = {}): Promise<Printed> {
  const chunks: Uint8Array[] = [];
  let head = "";
  let error: MeshauthError | undefined;
  try {
    await api(
      runtime,
      { ...DEFAULTS, ...input },
      {
        head(text) {
          head += text;
        },
        async body(bytes) {
          chunks.push(bytes);
          return true;
        },
      },
    );
  } catch (thrown) {
    if (!isMeshauthError(thrown)) throw thrown;
    error = thrown;
  }
  return { head, body: Buffer.concat(chunks), error };
}

/** Runs `api --json`: the document, and what it failed with. */
export async function callDocument(
  { runtime }: Person,
  input: Partial<ApiInput> = {},
): Promise<{ readonly document: ApiDocument | undefined; readonly error: MeshauthError | undefined }> {
  try {
    return { document: await apiDocument(runtime, { ...DEFAULTS, ...input }), error: undefined };
  } catch (thrown) {
    if (!isMeshauthError(thrown)) throw thrown;
    return { document: answerOf(thrown), error: thrown };
  }
}
