import type { ServerCredential } from "@meshauth/provider-api";
import { type FreshCredential, freshCredential, keepRenewed } from "../credential/index.js";
import { type MeshauthError, toMeshauthError } from "../errors/error.js";
import { secretsOfBody } from "../http/index.js";
import { isHtml, type MesheryServerClient } from "../meshery-server/index.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { openServer, resolveTarget } from "../target.js";
import { apiAddress } from "./address.js";
import { type Answer, lookAt } from "./answer.js";
import { identityOf } from "./identity.js";
import { newTokenOf } from "./new-token.js";
import type { PreparedRequest } from "./prepare.js";
import { refusal } from "./refusal.js";
import { httpError, type Verdict, verdictOf } from "./verdict.js";

/** For how long a token has to be valid at least when a request starts, in milliseconds. */
const MIN_VALIDITY_MS = 30_000;

/** What a request came to. */
export interface Settled {
  readonly answer: Answer;
  /** What the command fails with once the answer has been handed on. */
  readonly error: MeshauthError | undefined;
}

/**
 * Sends a request with the credential in force. When the server does not accept a token that can be renewed, it
 * is renewed and the request sent again, once.
 *
 * @param path - As it was typed.
 * @returns an answer whose body is data, also where the request failed with it.
 * @throws MeshauthError where there is no such answer; ProviderError when nothing came back.
 */
export async function exchange(
  runtime: Runtime,
  flags: TargetFlags,
  path: string,
  request: PreparedRequest,
): Promise<Settled> {
  const { config } = await resolveTarget(runtime, flags);
  const server = openServer(runtime, config.server);
  const address = apiAddress(path, server.url, server.isOwn);
  const credential = await freshCredential(runtime, flags, { minValidity: MIN_VALIDITY_MS });
  warn(runtime, credential.warnings);
  const ask = async (held: FreshCredential): Promise<Asked> => {
    const identity = await identityOf(held, server);
    const answer = await lookAt(await server.request(address, identity, request));
    for (const secret of secretsOfBody(answer.text)) runtime.secrets.add(secret);
    const verdict = verdictOf(answer, request.method, isApi(address, server));
    return { held, identity, answer, verdict };
  };

  const first = await ask(credential);
  const { verdict } = first;
  if (verdict.kind !== "refused" || verdict.why !== "bad-token" || !canRenew(credential)) {
    return await settle(runtime, first, server, request.method);
  }
  let renewed: FreshCredential;
  try {
    renewed = await otherThan(credential, runtime, flags);
  } catch (error) {
    runtime.signal.throwIfAborted();
    return deliver(first, toMeshauthError(error), verdict.hasData);
  }
  warn(runtime, renewed.warnings);
  if (renewed.token === credential.token) return await settle(runtime, first, server, request.method);
  first.answer.close();
  return await settle(runtime, await ask(renewed), server, request.method);
}

/** The credential that takes the place of a refused one. Another program may have renewed it already. */
async function otherThan(
  { token }: FreshCredential,
  runtime: Runtime,
  flags: TargetFlags,
): Promise<FreshCredential> {
  const current = await freshCredential(runtime, flags, { minValidity: MIN_VALIDITY_MS });
  if (current.token !== token) return current;
  return await freshCredential(runtime, flags, { minValidity: MIN_VALIDITY_MS, force: true });
}

/** A credential, and what came of asking with it. */
interface Asked {
  readonly held: FreshCredential;
  readonly identity: ServerCredential;
  readonly answer: Answer;
  readonly verdict: Verdict;
}

function canRenew({ source, refreshable }: FreshCredential): boolean {
  return source === "file" && refreshable;
}

/** Whether data is due at an address: everything below `/api` is. */
function isApi({ pathname }: URL, server: MesheryServerClient): boolean {
  const prefix = new URL(`${server.url}/`).pathname;
  return `${pathname.slice(prefix.length)}/`.startsWith("api/");
}

async function settle(
  runtime: Runtime,
  asked: Asked,
  server: MesheryServerClient,
  method: string,
): Promise<Settled> {
  const { held, identity, answer, verdict } = asked;
  switch (verdict.kind) {
    case "data":
      await keepNewToken(runtime, asked, server);
      return { answer, error: undefined };
    case "failed":
      if (verdict.hasData) await keepNewToken(runtime, asked, server);
      return deliver(asked, verdict.error, verdict.hasData);
    case "refused":
      return deliver(asked, refusal(verdict, held), verdict.hasData);
    case "not-found": {
      const accepted = await server.accepts(identity);
      if (accepted.kind === "refused") return deliver(asked, refusal(accepted, held), false);
      await keepNewToken(runtime, asked, server);
      return deliver(asked, httpError(answer, method), true);
    }
  }
}

function deliver({ answer }: Asked, error: MeshauthError, hasData: boolean): Settled {
  if (hasData) return { answer, error };
  answer.close();
  throw error;
}

/**
 * Keeps a token that came with data; a web page with one may be the work of something in front of the server.
 * The answer stands, whatever becomes of the token.
 */
async function keepNewToken(
  runtime: Runtime,
  { held, answer }: Asked,
  server: MesheryServerClient,
): Promise<void> {
  if (isHtml(answer)) return;
  const now = new Date(runtime.now().getTime() + (server.clockSkew() ?? held.details?.clockSkew ?? 0));
  const token = newTokenOf(answer.headers, answer.url, now);
  if (token === undefined) return;
  try {
    await keepRenewed(runtime, held, token);
  } catch (error) {
    runtime.signal.throwIfAborted();
    const { message, why } = toMeshauthError(error);
    warn(runtime, [`The server renewed the token, which could not be saved: ${message} ${why}`]);
  }
}

function warn({ terminal }: Runtime, warnings: readonly string[]): void {
  for (const message of warnings) terminal.notify({ kind: "warning", message });
}
