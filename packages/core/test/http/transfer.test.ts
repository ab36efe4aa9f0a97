import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createTransfer, type FetchOptions, type HostTransfer, type Transfer } from "../../src/http/index.js";
import { failure, shown, telling } from "./fetching.js";
import { closedPort, serve, serveProxy, serveRaw } from "./servers.js";

const CANARY = "SECRET-CANARY-0123456789";

interface Transferring {
  readonly transfer: HostTransfer;
  readonly debug: string[];
  readonly secrets: string[];
}

function transferring(options: Partial<FetchOptions> = {}): Transferring {
  const { made: transfer, ...told } = telling(createTransfer, options);
  return { transfer, ...told };
}

async function bytesOf({ body }: Transfer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test("every byte arrives as it was sent, in both directions", async () => {
  const bytes = Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256));
  const url = await serve((request, response) => {
    response.writeHead(207, "Several", { "x-method": request.method });
    request.pipe(response);
  });
  const answer = await transferring().transfer(url, { method: "PUT", body: bytes });
  expect([answer.status, answer.statusText, answer.headers.get("x-method")]).toEqual([207, "Several", "PUT"]);
  expect((await bytesOf(answer)).equals(bytes)).toBe(true);
});

test("a body has no limit of size, and is sent no faster than it is taken", async () => {
  const size = 64 * 1024 * 1024;
  const block = Buffer.alloc(64 * 1024, "x");
  let sent = 0;
  const url = await serve((_, response) => {
    response.writeHead(200, { "content-length": size });
    const push = (): void => {
      while (sent < size && !response.destroyed) {
        sent += block.length;
        if (!response.write(block)) return void response.once("drain", push);
      }
      response.end();
    };
    push();
  });
  const answer = await transferring().transfer(url);
  let taken = 0;
  for await (const chunk of answer.body) {
    if (taken === 0) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(sent).toBeLessThan(size / 2);
    }
    taken += chunk.byteLength;
  }
  expect(taken).toBe(size);
});

test("a body is asked for as it is; one that is compressed all the same comes unpacked", async () => {
  const url = await serve((request, response) => {
    const packed = gzipSync(String(request.headers["accept-encoding"]));
    response.writeHead(200, { "content-encoding": "gzip", "content-length": packed.length, "x-kept": "1" });
    response.end(packed);
  });
  const answer = await transferring().transfer(url);
  expect((await bytesOf(answer)).toString()).toBe("identity");
  expect([...answer.headers.keys()]).toEqual(expect.arrayContaining(["x-kept"]));
  expect(answer.headers.has("content-encoding") || answer.headers.has("content-length")).toBe(false);
});

test("a redirect is handed back (A09, T32)", async () => {
  const url = await serve((_, response) => response.writeHead(302, { location: "/else" }).end());
  const answer = await transferring().transfer(url);
  expect([answer.status, answer.headers.get("location")]).toEqual([302, "/else"]);
  answer.close();
});

describe("a body that ends before its end", () => {
  test.each([
    ["announced length", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "half"],
    ["chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "half"],
  ])("by its %s: what came is handed on, then it fails", async (_, head, expected) => {
    const url = await serveRaw((socket) => {
      socket.once("data", () => socket.write(head, () => setTimeout(() => socket.destroy(), 50)));
    });
    const { transfer, debug } = transferring();
    const answer = await transfer(url);
    let text = "";
    const reading = (async () => {
      for await (const chunk of answer.body) text += Buffer.from(chunk).toString();
    })();
    const error = await failure(reading);
    expect(text).toBe(expected);
    expect(error.code).toBe("unreachable");
    expect(error.message).toMatch(/broke off before its end/);
    expect(debug.at(-1)).toMatch(/200, cut off after 4 bytes/);
  });

  test("by the signal: its reason", async () => {
    const controller = new AbortController();
    const url = await serve((_, response) => void response.writeHead(200).write("x"));
    const answer = await transferring({ signal: controller.signal }).transfer(url);
    setTimeout(() => controller.abort(new Error("the person left")), 50);
    await expect(bytesOf(answer)).rejects.toThrow("the person left");
  });
});

test.each(["leaving the loop", "close"])("%s ends the transfer at the server", async (way) => {
  let gone = false;
  const url = await serve((_, response) => {
    response.writeHead(200).write("x");
    response.on("close", () => {
      gone = true;
    });
  });
  const answer = await transferring().transfer(url);
  if (way === "close") answer.close();
  else for await (const _ of answer.body) break;
  await expect.poll(() => gone).toBe(true);
});

test("no connection: the same errors as of any request", async () => {
  const error = await failure(transferring().transfer(await closedPort()));
  expect([error.code, error.reason]).toEqual([
    "unreachable",
    expect.stringMatching(/refused the connection/),
  ]);
});

test("a proxy is used, and its refusal told (T32)", async () => {
  const url = await serve((_, response) => response.end("through"));
  const proxy = await serveProxy(url);
  const { transfer } = transferring({ env: { HTTP_PROXY: proxy.url }, allowHttp: true });
  expect((await bytesOf(await transfer("http://meshery.example/x"))).toString()).toBe("through");
  expect(proxy.seen).toEqual(["GET http://meshery.example/x"]);
  const refusing = await serveProxy(url, { plain: 407 });
  const refused = transferring({ env: { HTTP_PROXY: refusing.url }, allowHttp: true });
  expect((await failure(refused.transfer("http://meshery.example/x"))).reason).toMatch(/407/);
});

test("more patience than the built-in fetch has takes another way to the same answer", async () => {
  const url = await serve((_, response) => response.end("here"));
  const answer = await transferring().transfer(url, { patience: 900_000 });
  expect((await bytesOf(answer)).toString()).toBe("here");
});

test("secrets of headers are announced, and are in no message", async () => {
  const url = await serve((_, response) => {
    response.setHeader("set-cookie", `token=new-${CANARY}; Path=/`);
    response.end(CANARY);
  });
  const { transfer, secrets, debug } = transferring();
  await bytesOf(await transfer(`${url}/?token=${CANARY}`, { headers: { cookie: `token=${CANARY}` } }));
  expect(secrets).toEqual([CANARY, `new-${CANARY}`]);
  const error = await failure(
    transfer(`${await closedPort()}/?token=${CANARY}`, { headers: { cookie: `token=${CANARY}` } }),
  );
  expect(shown(error) + debug.join()).not.toContain(CANARY);
});

test("the far clock is told of", async () => {
  const url = await serve((_, response) => response.end());
  const skews: number[] = [];
  const { transfer } = transferring({ now: () => new Date(0), onClock: (skew) => skews.push(skew) });
  await bytesOf(await transfer(url));
  expect(skews).toHaveLength(1);
});
