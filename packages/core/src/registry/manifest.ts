import {
  type ApiVersion,
  FLOWS,
  type Flow,
  isCompatible,
  NAME_PATTERN,
  PROVIDER_API,
  type ProviderEntry,
  parseApiVersion,
} from "@meshauth/provider-api";
import { flawOfServerName } from "@meshauth/provider-api/format";
import { isJsonObject, type JsonObject, member } from "./json-file.js";
import { parseOptions } from "./option.js";
import { Refusal } from "./refusal.js";
import { kind, line, list, quote, unique } from "./text-check.js";

const MOST_ENTRIES = 32;
const LONGEST_NAME = 64;

/** A provider package's declaration, reduced to the members of the contract. */
export interface ParsedManifest {
  readonly api: ApiVersion;
  readonly providers: readonly ProviderEntry[];
}

/**
 * Reads the member `meshauth` of a `package.json`. Members that the contract does not know are left out:
 * a later minor version may bring some.
 *
 * @throws {@link Refusal} naming the member that is wrong, or the versions that do not fit.
 */
export function parseManifest(value: unknown): ParsedManifest {
  if (!isJsonObject(value)) throw new Refusal(`meshauth is ${kind(value)}, not an object.`);
  // First: an entry for another version may well look different.
  const api = parseApi(member(value, "api"), value);
  const entries = list(member(value, "providers"), "meshauth.providers");
  if (entries.length === 0) throw new Refusal("meshauth.providers names no provider.");
  const providers = entries.map((entry, index) => parseEntry(entry, `meshauth.providers[${index}]`));
  unique(
    providers.map(({ id }) => id),
    "meshauth.providers",
  );
  return { api, providers };
}

function parseApi(value: unknown, manifest: JsonObject): ApiVersion {
  const api = parseApiVersion(value);
  if (!api) throw new Refusal(`meshauth.api is ${quote(value)}, not a version such as "1.0".`);
  if (isCompatible(api)) return api;
  const offered = PROVIDER_API;
  const newer = api.major > offered.major || (api.major === offered.major && api.minor > offered.minor);
  throw new Refusal(
    `It is written for version ${api.major}.${api.minor} of the provider contract, and this meshauth offers ${offered.major}.${offered.minor}.`,
    newer ? "upgrade" : "update",
    declaredNames(member(manifest, "providers")),
  );
}

/** What providers would be called, by an entry that may otherwise be of another form. */
function declaredNames(entries: unknown): readonly string[] {
  if (!Array.isArray(entries)) return [];
  const names = entries.slice(0, MOST_ENTRIES).flatMap((entry: unknown) => {
    if (!isJsonObject(entry)) return [];
    const serverNames = member(entry, "serverNames");
    const more = Array.isArray(serverNames) ? serverNames.slice(0, MOST_ENTRIES) : [];
    return [member(entry, "id"), member(entry, "title"), ...more];
  });
  return names.filter((name): name is string => typeof name === "string" && name.length <= LONGEST_NAME);
}

function parseEntry(value: unknown, where: string): ProviderEntry {
  if (!isJsonObject(value)) throw new Refusal(`${where} is ${kind(value)}, not an object.`);
  const id = member(value, "id");
  if (typeof id !== "string" || !NAME_PATTERN.test(id)) {
    throw new Refusal(
      `${where}.id is ${quote(id)}: it must be a lower-case letter, then letters, digits and hyphens, 32 characters at most.`,
    );
  }
  const serverNames = parseServerNames(member(value, "serverNames"), `${where}.serverNames`);
  const hosts = parseHosts(member(value, "hosts"), `${where}.hosts`);
  const options = parseOptions(member(value, "options"), `${where}.options`);
  return {
    id,
    title: line(member(value, "title"), `${where}.title`, 40),
    summary: line(member(value, "summary"), `${where}.summary`, 120),
    module: parseModule(member(value, "module"), `${where}.module`),
    flows: parseFlows(member(value, "flows"), `${where}.flows`),
    ...(serverNames.length > 0 ? { serverNames } : {}),
    ...(hosts.length > 0 ? { hosts } : {}),
    ...(options.length > 0 ? { options } : {}),
  };
}

function parseModule(value: unknown, where: string): `./${string}` {
  const form = /^\.\/(?!\/)[^\\\0]+\.(?:js|mjs|cjs)$/;
  if (typeof value !== "string" || !form.test(value) || value.split("/").includes("..")) {
    throw new Refusal(
      `${where} is ${quote(value)}, not the path of a .js, .mjs or .cjs file that begins with "./".`,
    );
  }
  return value as `./${string}`;
}

function parseFlows(value: unknown, where: string): readonly Flow[] {
  const flows = list(value, where).map((flow) => {
    if ((FLOWS as readonly unknown[]).includes(flow)) return flow as Flow;
    throw new Refusal(`${where} holds ${quote(flow)}, not one of ${FLOWS.join(", ")}.`);
  });
  if (flows.length === 0) throw new Refusal(`${where} names no flow.`);
  unique(flows, where);
  return flows;
}

function parseServerNames(value: unknown, where: string): readonly string[] {
  const names = list(value, where).map((item, index) => {
    const name = line(item, `${where}[${index}]`, 64);
    const flaw = flawOfServerName(name);
    if (flaw !== undefined) throw new Refusal(`${where}[${index}] ${flaw}.`);
    return name;
  });
  unique(names, where);
  return names;
}

function parseHosts(value: unknown, where: string): readonly string[] {
  const hosts = list(value, where).map((host, index) => {
    if (host === "configured" || (typeof host === "string" && isOrigin(host))) return host;
    throw new Refusal(
      `${where}[${index}] is ${quote(host)}, neither "configured" nor an https origin such as "https://example.com".`,
    );
  });
  unique(hosts, where);
  return hosts;
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, protocol, hostname } = new URL(text);
  if (origin !== text) return false;
  return (
    protocol === "https:" || (protocol === "http:" && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
  );
}
