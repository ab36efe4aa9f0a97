// @ts-check
// `npm run server`: the stand-in for the provider's server on this machine, to sign in at by hand.
import http from "node:http";
import { text } from "node:stream/consumers";
import { createServer } from "./server.js";

const port = Number(process.env["PORT"] ?? 4180);
const address = `http://127.0.0.1:${port}`;
const handle = createServer({ ask: true });

const server = http.createServer(async (incoming, outgoing) => {
  const { method = "GET", url = "/", headers } = incoming;
  const body = await text(incoming);
  const request = new Request(new URL(url, address), {
    method,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
    ...(body === "" ? {} : { body }),
  });
  const response = await handle(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
});

server.once("error", (error) => {
  if (!("code" in error) || error.code !== "EADDRINUSE") throw error;
  process.stderr.write(`Port ${port} is in use. Try PORT=${port + 1} npm run server.\n`);
  process.exitCode = 1;
});

server.listen(port, "127.0.0.1", () => {
  const command = `{{tryCommand}}`.replace("http://127.0.0.1:4180", address);
  process.stdout.write(`The stand-in runs at ${address}. In another terminal:\n  ${command}\n`);
});
