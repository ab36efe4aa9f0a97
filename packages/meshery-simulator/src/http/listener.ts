import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Outcome, text } from "./answer.js";
import { type Recorded, record } from "./recorded.js";
import { send } from "./send.js";

export type Handler = (request: Recorded) => Outcome | Promise<Outcome>;

/** An HTTP server on 127.0.0.1 that records what it receives. */
export interface Listener {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Everything received so far, oldest first. Empty it with `length = 0`. */
  readonly requests: Recorded[];
  /** Says who answers. Until then every request gets a 503. */
  serve(handler: Handler): void;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

/**
 * Listens on a port of 127.0.0.1; 0 takes a free one.
 *
 * @throws what `listen` reports, such as `EADDRINUSE`.
 */
export async function openListener(options: { port: number; now: () => Date }): Promise<Listener> {
  const requests: Recorded[] = [];
  let handler: Handler = () => text(503, "starting\n");
  const server = createServer({ maxHeaderSize: 64 * 1024 }, async (message, response) => {
    response.on("error", () => {});
    try {
      const now = options.now();
      const request = await record(message, now);
      requests.push(request);
      response.setHeader("Date", now.toUTCString());
      send(response, await handler(request), request.method === "HEAD");
    } catch (error) {
      // A client that left while it was sending is no defect; anything else is one of the simulator.
      if (response.destroyed) return;
      const name = error instanceof Error ? `${error.name}: ${error.message}` : "unknown";
      if (!response.headersSent) send(response, text(500, `simulator defect: ${name}\n`), false);
      else response.destroy();
    }
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: options.port, exclusive: true }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    serve(next) {
      handler = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
