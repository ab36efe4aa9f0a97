import { type JsonValue, parseJson } from "@meshauth/provider-api/format";
import type { Details } from "./types.js";

const VERSION = 1;

/**
 * The side file's text. It names the bytes of the credential file that it describes: after another tool
 * has written there, it describes nothing.
 *
 * @param digest - SHA-256 of the credential file's bytes.
 */
export function formatDetails(details: Details, digest: string): string {
  const { provider, account, verified, savedAt, expiresAt, providerUrl, clockSkew } = details;
  const picked = {
    version: VERSION,
    digest,
    provider: { id: provider.id, package: provider.package, version: provider.version },
    account: account && { id: account.id, name: account.name, email: account.email },
    verified,
    savedAt,
    expiresAt,
    providerUrl,
    clockSkew,
  };
  return `${JSON.stringify(picked, undefined, 2)}\n`;
}

/** Reads a side file. @returns `undefined` when it is not one, or describes other bytes. */
export function parseDetails(bytes: Uint8Array, digest: string): Details | undefined {
  try {
    const root = new Reader(parseJson(bytes, { maxDepth: 8 }).value);
    if (root.get("version") !== VERSION || root.text("digest") !== digest) return undefined;
    return readDetails(root);
  } catch {
    return undefined;
  }
}

function readDetails(root: Reader): Details {
  const provider = new Reader(root.get("provider"));
  const account = root.get("account") === null ? null : new Reader(root.get("account"));
  return {
    provider: {
      id: provider.text("id"),
      package: provider.text("package"),
      version: provider.text("version"),
    },
    account: account && { id: account.text("id"), ...account.optional("name"), ...account.optional("email") },
    verified: root.get("verified") === true,
    savedAt: root.text("savedAt"),
    ...root.optional("expiresAt"),
    ...root.optional("providerUrl"),
    ...skew(root.get("clockSkew")),
  };
}

function skew(value: JsonValue | undefined): { readonly clockSkew?: number } {
  return typeof value === "number" && Number.isFinite(value) ? { clockSkew: value } : {};
}

/** Members of an object, with their types checked. */
class Reader {
  readonly #members: ReadonlyMap<string, JsonValue>;

  constructor(value: JsonValue | undefined) {
    if (!(value instanceof Map)) throw new TypeError("not an object");
    this.#members = value;
  }

  get(key: string): JsonValue | undefined {
    return this.#members.get(key);
  }

  text(key: string): string {
    const value = this.#members.get(key);
    if (typeof value !== "string") throw new TypeError("not a string");
    return value;
  }

  optional<K extends string>(key: K): { readonly [P in K]?: string } {
    const value = this.#members.get(key);
    return (typeof value === "string" ? { [key]: value } : {}) as { readonly [P in K]?: string };
  }
}
