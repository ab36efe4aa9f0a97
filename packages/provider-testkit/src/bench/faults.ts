import type { ServerResponse } from "node:http";
import type { FaultKind } from "../protocol.js";

const JSON_TYPE = { "Content-Type": "application/json" };

/** How often a slow server sends a byte, in milliseconds. */
const DRIP_MS = 20;

/** Answers as a server does that is out of order. */
export const FAULTS: Readonly<Record<FaultKind, (response: ServerResponse) => void>> = {
  // The child sends these requests to a port at which nothing listens.
  down: (response) => void response.destroy(),
  silent: () => undefined,
  slow(response) {
    response.writeHead(200, JSON_TYPE);
    const timer = setInterval(() => response.write(" "), DRIP_MS);
    response.once("close", () => clearInterval(timer));
  },
  error(response) {
    response.writeHead(503, JSON_TYPE).end('{"error":"temporarily_unavailable"}');
  },
  redirect(response) {
    response.writeHead(302, { Location: "https://elsewhere.invalid/login" }).end();
  },
  html(response) {
    response
      .writeHead(200, { "Content-Type": "text/html; charset=utf-8" })
      .end("<!doctype html><html><body><h1>Sign in to the network</h1></body></html>");
  },
  huge(response) {
    response.writeHead(200, { ...JSON_TYPE, "Content-Length": 1024 ** 3 });
    const chunk = Buffer.alloc(64 * 1024, " ");
    const pour = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", pour);
    pour();
  },
  empty(response) {
    response.writeHead(200, { ...JSON_TYPE, "Content-Length": 0 }).end();
  },
  cut(response) {
    response.writeHead(200, { ...JSON_TYPE, "Content-Length": 1_000 }).write('{"access_token":"');
    setImmediate(() => response.destroy());
  },
};
