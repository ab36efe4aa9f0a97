import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** One answer to every request. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A provider on loopback that says the same to everybody, and what it was asked. */
export interface Replying {
  readonly url: string;
  readonly bodies: string[];
  close(): Promise<void>;
}

/** Starts a provider for answers that no known cloud gives. */
export async function startReplying({ status = 200, headers = {}, body = "" }: Reply): Promise<Replying> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    bodies.push(text);
    response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
