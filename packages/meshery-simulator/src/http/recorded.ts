import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { parseCookies } from "./cookies.js";

/** A request as it arrived. It holds the secrets that were sent: for assertions, never for output. */
export interface Recorded {
  readonly at: Date;
  readonly method: string;
  /** The request target as sent: path and query. */
  readonly target: string;
  /** The target's path, not decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Names and values alternating, in the order and spelling in which they came. */
  readonly rawHeaders: readonly string[];
  readonly cookies: ReadonlyMap<string, string>;
  readonly body: string;
}

const BODY_LIMIT = 1024 * 1024;

/** Reads a request to its end, or to its first MiB. */
export async function record(message: IncomingMessage, at: Date): Promise<Recorded> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    if (size < BODY_LIMIT) chunks.push(chunk);
    size += chunk.length;
  }
  const target = message.url ?? "/";
  const mark = target.indexOf("?");
  return {
    at,
    method: message.method ?? "GET",
    target,
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1)),
    headers: message.headers,
    rawHeaders: message.rawHeaders,
    cookies: parseCookies(message.headers.cookie),
    body: Buffer.concat(chunks).subarray(0, BODY_LIMIT).toString("utf8"),
  };
}
