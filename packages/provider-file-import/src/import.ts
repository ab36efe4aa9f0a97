import type { Credential, Host, LoginRequest } from "@meshauth/provider-api";
import { flawOfServerName, isJsonError } from "@meshauth/provider-api/format";
import { type Content, readContent } from "./content.js";
import { type Making, membersOf, toCredential } from "./credential.js";
import { requireUnexpired } from "./expiry.js";
import type { FileIdentity } from "./read-file.js";
import { refusal } from "./refusal.js";
import { guessName, isLocal, listProviders, nameOption, warnIfUnlisted } from "./server-name.js";
import { readSource, type Source } from "./source.js";

const SHAPES: Readonly<Record<Content["shape"], string>> = {
  map: "an auth.json",
  record: "a token record of the cloud",
  page: "a page with one token record of the cloud",
  token: "a token by itself",
};

const RENAME = ["meshauth login file-import FILE --provider-name NAME"];

/** What an import comes to. */
export interface Imported {
  readonly credential: Credential;
  /** The file that was read; absent for standard input. */
  readonly source?: FileIdentity;
}

/** Reads the source, tells what it is, and makes a credential of it. Changes nothing. @throws {@link ProviderError} */
export async function importCredential(request: LoginRequest, host: Host): Promise<Imported> {
  const named = nameOption(request.options);
  const file = request.options["file"];
  const source = await readSource(file === undefined ? undefined : String(file), host);
  const content = read(source, host);
  const listed = await listProviders(host);
  const serverName = named ?? ownName(content, source) ?? guessName(listed, host);
  host.report({
    type: "step",
    message: `${source.name}: ${SHAPES[content.shape]}, for the provider "${serverName}"`,
  });
  const making: Making = { serverName, source: source.name, host, listed };
  const credential = isLocal(serverName, listed)
    ? toLocal(content, making)
    : await toRemote(content, making, request.force);
  return { credential, ...(source.identity === undefined ? {} : { source: source.identity }) };
}

function toLocal(content: Content, { serverName, source }: Making): Credential {
  if (!hasNoToken(content)) {
    throw refusal(source, `it has a token, but "${serverName}" is a provider without accounts`, RENAME);
  }
  return { kind: "local", serverName, ...membersOf(content) };
}

async function toRemote(content: Content, making: Making, force: boolean): Promise<Credential> {
  const { serverName, source, host, listed } = making;
  if (hasNoToken(content)) throw refusal(source, `it has no token for the provider "${serverName}"`);
  warnIfUnlisted(serverName, listed, host);
  const credential = await toCredential(content, making);
  if (!force) requireUnexpired(credential, source, host.now());
  return credential;
}

function hasNoToken(content: Content): boolean {
  return content.shape === "map" && content.token === "";
}

function read(source: Source, host: Host): Content {
  try {
    const { content, bom } = readContent(source.bytes);
    if (bom) host.report({ type: "step", message: `${source.name}: its byte-order mark is left out` });
    return content;
  } catch (error) {
    if (isJsonError(error)) throw refusal(source.name, error.reason, [], error);
    throw error;
  }
}

function ownName(content: Content, source: Source): string | undefined {
  if (content.shape !== "map") return undefined;
  if (content.serverName === undefined) {
    if (content.token !== "") return undefined;
    throw refusal(source.name, "it has neither a token nor the name of a provider");
  }
  const flaw = flawOfServerName(content.serverName);
  if (flaw === undefined) return content.serverName;
  throw refusal(source.name, `the provider's name in it ${flaw}`, RENAME);
}
