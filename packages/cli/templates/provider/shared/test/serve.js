// @ts-check
// `npm run server`: the stand-in for the provider's server on this machine, to sign in at by hand.
import http from "node:http";
import { text } from "node:stream/consumers";
import { createServer } from "./server.js";

const port = Number(process.env["PORT"] ?? 4180);
const address = `http://127.0.0.1:${port}`;
const handle = createServer({ ask: true });

http
  .createServer(async (incoming, outgoing) => {
    const { method = "GET", url = "/", headers } = incoming;
    const body = await text(incoming);
    const request = new Request(new URL(url, address), {
      method,
      headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
      ...(body === "" ? {} : { body }),
    });
    const response = await handle(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
  })
  .listen(port, "127.0.0.1", () => {
    process.stdout.write(`The stand-in runs at ${address}. In another terminal:\n  {{tryCommand}}\n`);
  });
