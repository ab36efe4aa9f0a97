// @ts-check
// `npm run server`: Lantern on this machine, for a browser.
import http from "node:http";
import { text } from "node:stream/consumers";
import { createLantern } from "./lantern.js";

const port = Number(process.env["PORT"] ?? 4190);
const address = `http://127.0.0.1:${port}`;
const handle = createLantern({ ask: true });

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
    process.stdout.write(`${method} ${url.split("?")[0]}: ${response.status}\n`);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
  })
  .listen(port, "127.0.0.1", () => {
    process.stdout.write(
      `Lantern runs at ${address}. In another terminal:\n  meshauth login lantern --url ${address}\n`,
    );
  });
