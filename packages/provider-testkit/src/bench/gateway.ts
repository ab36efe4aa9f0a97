import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Handler, Servers } from "../definition.js";
import { FAULT_HEADER, ORIGIN_HEADER } from "../headers.js";
import { FAULTS } from "./faults.js";

/** One loopback server in the place of all servers of an example. */
export interface Gateway {
  readonly url: string;
  /** Every request to the provider's servers, with all that it held. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly servers: Servers;
  readonly mesheryServer: Handler | undefined;
  /** Told when a function of the example throws. */
  readonly onFault: (what: string) => void;
}

/** In bytes. A text of 100,000 characters for a token may come in a header; that it is none is the example's to say. */
const LARGEST_HEADER = 1024 * 1024;

/**
 * Opens the gateway. Requests that name an origin go to that server's function; those that name none are for the
 * Meshery Server.
 */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const requests: string[] = [];
  const server = createServer({ maxHeaderSize: LARGEST_HEADER }, (incoming, response) => {
    void answer(incoming, response, options, requests).catch((error: unknown) => {
      options.onFault(error instanceof Error ? error.message : String(error));
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An address at which nothing listens. */
export async function findNowhere(): Promise<string> {
  const gateway = await openGateway({ servers: {}, mesheryServer: undefined, onFault: () => undefined });
  await gateway.close();
  return gateway.url;
}

async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  { servers, mesheryServer }: GatewayOptions,
  requests: string[],
): Promise<void> {
  const origin = incoming.headers[ORIGIN_HEADER];
  const fault = incoming.headers[FAULT_HEADER];
  const body = await bodyOf(incoming);
  if (typeof origin === "string") {
    requests.push(`${incoming.method} ${origin}${incoming.url} ${JSON.stringify(incoming.headers)} ${body}`);
  }
  if (typeof fault === "string" && Object.hasOwn(FAULTS, fault)) {
    FAULTS[fault as keyof typeof FAULTS](response);
    return;
  }
  const handler = typeof origin === "string" ? servers[origin] : mesheryServer;
  if (handler === undefined) {
    incoming.socket.destroy();
    return;
  }
  const base = typeof origin === "string" ? origin : `http://${incoming.headers.host}`;
  await send(await handler(requestOf(incoming, base, body)), response);
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function requestOf(incoming: IncomingMessage, origin: string, body: Buffer): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headersDistinct)) {
    if (name === ORIGIN_HEADER || name === "host" || name === "connection") continue;
    for (const one of value ?? []) headers.append(name, one);
  }
  const { method = "GET" } = incoming;
  const bodiless = method === "GET" || method === "HEAD";
  return new Request(`${origin}${incoming.url}`, {
    method,
    headers,
    ...(bodiless ? {} : { body: new Uint8Array(body) }),
  });
}

async function send(answered: Response, response: ServerResponse): Promise<void> {
  if (typeof answered?.arrayBuffer !== "function")
    throw new TypeError("A server of the example gave no Response.");
  const cookies = answered.headers.getSetCookie();
  for (const [name, value] of answered.headers) if (name !== "set-cookie") response.setHeader(name, value);
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  response.writeHead(answered.status);
  response.end(Buffer.from(await answered.arrayBuffer()));
}
