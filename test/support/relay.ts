import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Credentials } from "./authority.js";
import { atEnd } from "./cleanup.js";
import { pause } from "./wait.js";

export interface RelayOptions {
  /** Default: 127.0.0.1. */
  readonly host?: "127.0.0.1" | "::1";
  readonly port?: number;
  /** With these it speaks TLS to whoever connects, and plainly to the server behind it. */
  readonly tls?: Credentials;
  /** How the answers come: so many bytes at a time, and a rest after each. Without a rest the first are the last. */
  readonly drip?: { readonly bytes: number; readonly rest?: number };
  /** Connections that begin with such a line go on only after `until`. */
  readonly hold?: { readonly first: RegExp; readonly until: Promise<void> };
}

/** Another port for a server of this machine, until the tests of the file have ended. @returns the port. */
export async function relay(target: string, options: RelayOptions = {}): Promise<number> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
  };
  const accept = (near: Socket): void => {
    keep(near);
    const far = keep(connect(Number(port), hostname));
    far.on("error", () => near.destroy());
    near.on("close", () => far.destroy());
    if (options.hold === undefined) near.pipe(far);
    else void pipeLater(near, far, options.hold).catch(() => near.destroy());
    if (options.drip === undefined) far.pipe(near);
    else void trickle(far, near, options.drip).catch(() => near.destroy());
  };
  const server: Server = options.tls ? createTlsServer(options.tls, accept) : createServer(accept);
  server.on("tlsClientError", () => undefined).on("connection", keep);
  server.listen({ host: options.host ?? "127.0.0.1", port: options.port ?? 0 });
  await once(server, "listening");
  atEnd(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

async function pipeLater(
  from: Socket,
  to: Socket,
  { first, until }: NonNullable<RelayOptions["hold"]>,
): Promise<void> {
  const [chunk] = (await once(from, "data")) as [Buffer];
  from.pause();
  if (first.test(chunk.toString("latin1"))) await until;
  to.write(chunk);
  from.pipe(to);
}

async function trickle(
  from: Socket,
  to: Socket,
  { bytes, rest }: NonNullable<RelayOptions["drip"]>,
): Promise<void> {
  for await (const chunk of from as AsyncIterable<Buffer>) {
    for (let start = 0; start < chunk.length; start += bytes) {
      to.write(chunk.subarray(start, start + bytes));
      await (rest === undefined ? once(to, "close") : pause(rest));
    }
  }
  to.end();
}

/** A port of 127.0.0.1 and ::1 that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether this machine has the loopback address of IPv6. */
export async function hasIpv6(): Promise<boolean> {
  const server = createServer();
  const listening = new Promise<boolean>((resolve) => {
    server.once("listening", () => resolve(true)).once("error", () => resolve(false));
  });
  server.listen(0, "::1");
  const there = await listening;
  if (there) await new Promise((resolve) => server.close(resolve));
  return there;
}
