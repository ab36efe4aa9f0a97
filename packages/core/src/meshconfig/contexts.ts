import { type Draft, softened } from "./drafts.js";
import { quoted } from "./findings.js";
import type { MesheryPaths } from "./folder.js";
import { resolveLocation } from "./location.js";
import type { ContextEntry, Fault, TokenEntry } from "./model.js";
import { DEFAULT_SERVER, serverAddress } from "./server-address.js";
import type { MeshContext, MeshToken } from "./types.js";

/** The location that a missing token entry gets: a bare name is the same file for every mesheryctl. */
export const DEFAULT_LOCATION = "auth.json";

/** A context with what makes it unusable, should it be the one in force. */
export interface ResolvedContext {
  readonly context: MeshContext;
  /** The address in the form of {@link serverAddress}; `undefined` when the context's is not valid. */
  readonly server: string | undefined;
  readonly serverProblem: Draft | undefined;
  readonly tokenProblem: Draft | undefined;
}

/** Works out the server and the credential file of one context. */
export function resolveContext(
  entry: ContextEntry,
  tokens: readonly TokenEntry[],
  paths: MesheryPaths,
): ResolvedContext {
  const { name, tokenName, provider, platform } = entry;
  const server = serverOf(entry);
  const token = tokens.find((candidate) => candidate.name === tokenName);
  const raw = entry.ownLocation ?? (token ? token.location : DEFAULT_LOCATION);
  const { location, credentialFile } = resolveLocation(isUsable(raw) ? raw : DEFAULT_LOCATION, paths);
  return {
    context: {
      name,
      endpoint: server.kind === "address" ? server.address : (entry.endpoint ?? ""),
      tokenName,
      ...(provider === undefined ? {} : { provider }),
      ...(platform === undefined ? {} : { platform }),
      credentialFile,
      location: { ...location, missingEntry: token === undefined && entry.ownLocation === undefined },
    },
    server: server.kind === "address" ? server.address : undefined,
    serverProblem: server.kind === "address" ? undefined : invalid("server", server.fault, SERVER_NEXT),
    tokenProblem: tokenProblem(entry, token, raw),
  };
}

/** Works out the credential file of one token entry. */
export function resolveToken({ name, location: raw }: TokenEntry, paths: MesheryPaths): MeshToken {
  if (!isUsable(raw)) return { name, location: undefined, credentialFile: undefined };
  return { name, ...resolveLocation(raw, paths) };
}

/** What is wrong with a context that is not in force: worth telling, and no reason to stop. */
export function problemsOfOther({ serverProblem, tokenProblem }: ResolvedContext): Draft[] {
  return [serverProblem, tokenProblem].filter((draft) => draft !== undefined).map(softened);
}

const SERVER_NEXT = "Correct the endpoint, or give the address with --server.";
const TOKEN_NEXT = `Give the token the location ${DEFAULT_LOCATION}.`;

function serverOf({
  name,
  endpoint,
  endpointFault,
  line,
}: ContextEntry): { kind: "address"; address: string } | { kind: "fault"; fault: Fault } {
  if (endpointFault) return { kind: "fault", fault: endpointFault };
  const verdict = endpoint ? serverAddress(endpoint) : { kind: "address" as const, address: DEFAULT_SERVER };
  if (verdict.kind === "address") return verdict;
  const message = `the endpoint of the context ${quoted(name)} ${verdict.reason}`;
  return { kind: "fault", fault: { line, message } };
}

function tokenProblem(
  { name, line, tokenFault }: ContextEntry,
  token: TokenEntry | undefined,
  raw: string | undefined,
): Draft | undefined {
  if (tokenFault) return invalid("file", tokenFault, TOKEN_NEXT);
  if (isUsable(raw)) return undefined;
  const what = raw ? "a location with control characters" : "no location that is a text";
  const message = `the token of the context ${quoted(name)} has ${what}`;
  return invalid("file", { line: token?.line ?? line, message }, TOKEN_NEXT);
}

function isUsable(raw: string | undefined): raw is string {
  return raw !== undefined && raw !== "" && !/\p{Cc}/u.test(raw);
}

function invalid(about: Draft["about"], { line, message }: Fault, next: string): Draft {
  return { about, fatal: "MESHAUTH_E_CONFIG", text: message, line, next };
}
