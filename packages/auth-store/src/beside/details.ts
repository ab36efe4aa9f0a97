import type { Details } from "../types.js";
import { JsonObject } from "./json-object.js";

const VERSION = 1;

/** A clock that is off by more is no clock: the time by it may not even be a date. */
const LARGEST_SKEW_MS = 366 * 24 * 3_600_000;

/** Details and the bytes that they describe. */
export interface Described {
  readonly details: Details;
  /** SHA-256 of the credential file's bytes, in hexadecimal. */
  readonly digest: string;
}

/**
 * The side file's text. It names the bytes of the credential file that it describes: after another tool
 * has written there, it describes nothing.
 *
 * @param replaced - What is known about the file that is there until the new one takes its place, when the side
 *   file is written before that moment.
 */
export function formatDetails(described: Described, replaced?: Described): string {
  const picked = { version: VERSION, ...pick(described), replaced: replaced && pick(replaced) };
  return `${JSON.stringify(picked, undefined, 2)}\n`;
}

function pick({ details, digest }: Described): object {
  const { provider, account, verified, savedAt, expiresAt, providerUrl, settings, again, clockSkew } =
    details;
  return {
    digest,
    provider: { id: provider.id, package: provider.package, version: provider.version },
    account: account && { id: account.id, name: account.name, email: account.email },
    verified,
    savedAt,
    expiresAt,
    providerUrl,
    settings,
    again,
    clockSkew,
  };
}

/** Reads a side file. @returns `undefined` when it is not one, or describes other bytes. */
export function parseDetails(bytes: Uint8Array | string, digest: string): Details | undefined {
  try {
    const root = JsonObject.parse(bytes);
    if (root.get("version") !== VERSION) return undefined;
    if (root.text("digest") === digest) return readDetails(root);
    const replaced = new JsonObject(root.get("replaced"));
    return replaced.text("digest") === digest ? readDetails(replaced) : undefined;
  } catch {
    return undefined;
  }
}

function readDetails(root: JsonObject): Details {
  const provider = new JsonObject(root.get("provider"));
  const account = root.get("account") === null ? null : new JsonObject(root.get("account"));
  return {
    provider: {
      id: provider.text("id"),
      package: provider.text("package"),
      version: provider.text("version"),
    },
    account: account && {
      id: account.text("id"),
      ...account.optionalText("name"),
      ...account.optionalText("email"),
    },
    verified: root.get("verified") === true,
    savedAt: root.text("savedAt"),
    ...root.optionalText("expiresAt"),
    ...root.optionalText("providerUrl"),
    ...settingsOf(root),
    ...root.optionalText("again"),
    ...skewOf(root),
  };
}

function settingsOf(root: JsonObject): Pick<Details, "settings"> {
  const settings = root.get("settings");
  return settings === undefined ? {} : { settings: new JsonObject(settings).texts() };
}

function skewOf(root: JsonObject): { readonly clockSkew?: number } {
  const { clockSkew } = root.optionalNumber("clockSkew");
  return clockSkew !== undefined && Math.abs(clockSkew) <= LARGEST_SKEW_MS ? { clockSkew } : {};
}
