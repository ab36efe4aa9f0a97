import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A registry that knows every package, and never sends a tarball. */
export interface HangingRegistry {
  readonly url: string;
  /** Settles when somebody asks for a tarball. */
  readonly asked: Promise<unknown>;
  close(): Promise<void>;
}

export async function startHangingRegistry(): Promise<HangingRegistry> {
  const server = createServer();
  const asked = new Promise<void>((resolve) => {
    server.on("request", ({ url: path = "", headers }, response) => {
      if (path.endsWith(".tgz")) {
        resolve();
        return;
      }
      const name = decodeURIComponent(path.slice(1));
      const integrity = `sha512-${Buffer.alloc(64).toString("base64")}`;
      const dist = { tarball: `http://${headers.host}/${name}.tgz`, integrity };
      const version = { name, version: "1.0.0", dist };
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({ name, "dist-tags": { latest: "1.0.0" }, versions: { "1.0.0": version } }),
      );
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
