import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { decodeEnvelope } from "@meshauth/meshery-simulator";
import { inspectToken } from "@meshauth/provider-api/format";

/** One request that went through to the cloud. */
export interface Exchange {
  /** Milliseconds since the start of the test process. */
  readonly at: number;
  /** Which trial process asked; empty for any other client. */
  readonly by: string;
  readonly path: string;
  /** The refresh token that was presented. */
  readonly presented: string;
  /** When the cloud had answered; `undefined` before that. */
  answeredAt?: number;
  status?: number;
  /** The token that the cloud gave. */
  given?: string;
}

/** A door before the cloud that records who asked for what, and can keep requests and answers waiting. */
export interface Gate {
  readonly url: string;
  readonly exchanges: Exchange[];
  /** Awaited with each request before the cloud sees it. */
  before: (exchange: Exchange) => unknown;
  /** Awaited with each answer of the cloud before the client sees it. */
  after: (exchange: Exchange) => unknown;
  close(): Promise<void>;
}

/** Opens a gate on 127.0.0.1. */
export async function openGate(cloudUrl: string): Promise<Gate> {
  const server = createServer(async (message, response) => {
    try {
      const body = await read(message);
      const exchange: Exchange = {
        at: performance.now(),
        by: String(message.headers["x-trial"] ?? ""),
        path: message.url ?? "/",
        presented: refreshTokenIn(body),
      };
      gate.exchanges.push(exchange);
      await gate.before(exchange);
      const answer = await fetch(cloudUrl + exchange.path, {
        method: message.method ?? "GET",
        headers: pick(message, ["content-type", "authorization", "user-agent", "x-api-key", "systemid"]),
        redirect: "manual",
        ...(body === "" ? {} : { body }),
      });
      const text = await answer.text();
      exchange.answeredAt = performance.now();
      exchange.status = answer.status;
      const given = member(text);
      if (given !== undefined) exchange.given = given;
      await gate.after(exchange);
      response.writeHead(answer.status, {
        "Content-Type": answer.headers.get("content-type") ?? "text/plain",
        Date: answer.headers.get("date") ?? new Date().toUTCString(),
      });
      response.end(text);
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 1024, resolve));
  const gate: Gate = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges: [],
    before: () => undefined,
    after: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return gate;
}

/** The refresh token in a stored token; empty when there is none. */
export function refreshTokenOf(token: string): string {
  return inspectToken(token).refreshToken ?? "";
}

async function read(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function refreshTokenIn(body: string): string {
  const token = member(body) ?? "";
  const envelope = decodeEnvelope(token);
  return typeof envelope === "string" ? token : (envelope.refresh_token ?? "");
}

/** The member `token` of a JSON object. */
function member(text: string): string | undefined {
  try {
    const { token } = JSON.parse(text) as { token?: unknown };
    return typeof token === "string" ? token : undefined;
  } catch {
    return undefined;
  }
}

function pick(message: IncomingMessage, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = message.headers[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
}
