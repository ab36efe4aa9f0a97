import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Credential, LoginRequest, OptionValues, Provider } from "@meshauth/provider-api";
import { encodeEnvelope } from "@meshauth/provider-api/format";
import {
  type FakeHost,
  type FakeHostOptions,
  fakeHost,
} from "../../../provider-api/test/support/fake-host.js";
import fileImport from "../../src/index.js";

/** Part of every made-up token: it must not appear in any message. */
export const CANARY = "SECRET-CANARY-91f4";

export const provider: Provider = fileImport;

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A made-up JWT; `exp` in seconds since 1970, absent for an API token. */
export function jwt(exp?: number): string {
  const claims = { sub: CANARY, ...(exp === undefined ? {} : { exp }) };
  return `${part({ alg: "RS256", typ: "JWT", kid: "public:1" })}.${part(claims)}.bWFkZS11cC1zaWduYXR1cmU`;
}

/** A made-up token envelope with a refresh token. */
export const ENVELOPE: string = encodeEnvelope({ accessToken: jwt(), refreshToken: `${CANARY}-refresh` });

export const map = (name: string, token: string, more: object = {}): string =>
  JSON.stringify({ "meshery-provider": name, token, ...more });

export interface Folder {
  readonly path: string;
  /** Writes a file and returns its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  remove(): Promise<void>;
}

export async function makeFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "meshauth-import-"));
  return {
    path,
    async write(name, content) {
      await writeFile(join(path, name), content);
      return join(path, name);
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

export interface Importing extends FakeHostOptions {
  readonly options?: OptionValues;
  readonly force?: boolean;
}

export interface ImportResult {
  readonly host: FakeHost;
  readonly request: LoginRequest;
  readonly credential: Credential;
}

/** Imports, and makes sure that nothing that a person would see has the canary in it. */
export async function importFile(file: string | undefined, importing: Importing = {}): Promise<ImportResult> {
  const { options = {}, force = false, ...more } = importing;
  const host = fakeHost(more);
  const request = { options: { ...options, ...(file === undefined ? {} : { file }) }, force };
  const told = () => JSON.stringify([host.events, host.questions]);
  try {
    const credential = await provider.login(request, host);
    if (told().includes(CANARY)) throw new Error("a secret was reported");
    return { host, request, credential };
  } catch (error) {
    const { message, reason, next } = error as {
      message: string;
      reason?: string;
      next?: readonly string[];
    };
    const shown = JSON.stringify([message, reason, next]) + told();
    if (shown.includes(CANARY)) throw new Error("a secret is in the message");
    throw error;
  }
}
