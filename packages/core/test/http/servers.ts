import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from "node:net";
import { onTestFinished } from "vitest";

/** A server on a free port of 127.0.0.1 that ends with the test. */
async function open<S extends Server | TcpServer>(server: S): Promise<{ server: S; port: number }> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { server, port: (server.address() as AddressInfo).port };
}

export async function serve(listener: RequestListener): Promise<string> {
  const { port } = await open(createServer(listener));
  return `http://127.0.0.1:${port}`;
}

export async function serveTls(
  credentials: { key: string; cert: string },
  listener: RequestListener,
): Promise<{ origin: string; port: number }> {
  const { server, port } = await open(createTlsServer(credentials, listener));
  server.on("tlsClientError", () => {});
  return { origin: `https://localhost:${port}`, port };
}

/** A server that speaks whatever the handler writes. */
export async function serveRaw(handler: (socket: Socket) => void): Promise<string> {
  const { port } = await open(createTcpServer(handler));
  return `http://127.0.0.1:${port}`;
}

/** The address of a port that nobody listens on. */
export async function closedPort(): Promise<string> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

export interface TestProxy {
  readonly url: string;
  /** `CONNECT host:port` and `GET http://…`, in the order of arrival. */
  readonly seen: string[];
  readonly authorization: (string | undefined)[];
}

/** A proxy that takes every request and every tunnel to one port of this machine. */
export async function serveProxy(
  target: string | number,
  answer: { connect?: string; plain?: number } = {},
): Promise<TestProxy> {
  const targetPort = typeof target === "number" ? target : Number(new URL(target).port);
  const seen: string[] = [];
  const authorization: (string | undefined)[] = [];
  const { server, port } = await open(
    createServer(async (request, response) => {
      seen.push(`${request.method} ${request.url}`);
      authorization.push(request.headers["proxy-authorization"]);
      if (answer.plain !== undefined) {
        response.writeHead(answer.plain).end("from the proxy");
        return;
      }
      const { pathname, search } = new URL(request.url ?? "");
      const upstream = await fetch(`http://127.0.0.1:${targetPort}${pathname}${search}`, {
        redirect: "manual",
      });
      response.writeHead(upstream.status).end(await upstream.text());
    }),
  );
  server.on("connect", (request, client: Socket) => {
    seen.push(`CONNECT ${request.url}`);
    authorization.push(request.headers["proxy-authorization"]);
    client.on("error", () => {});
    if (answer.connect !== undefined) {
      client.end(`HTTP/1.1 ${answer.connect}\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const upstream = connect(targetPort, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("close", () => upstream.destroy());
  });
  return { url: `http://127.0.0.1:${port}`, seen, authorization };
}
