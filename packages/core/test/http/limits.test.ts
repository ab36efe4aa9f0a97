import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { failure, fetching } from "./fetching.js";
import { serve, serveRaw } from "./servers.js";

describe("limits (A29, T33)", () => {
  test("silence after the connection", async () => {
    const url = await serve(() => {});
    const error = await failure(fetching().fetch(url, { timeout: 150 }));
    expect(error.code).toBe("unreachable");
    expect(error.message).toMatch(/did not answer in time/);
    expect(error.reason).toMatch(/0\.15 s/);
  });

  test("a drip of single bytes does not stretch the time", async () => {
    let timer: NodeJS.Timeout | undefined;
    const url = await serve((_, response) => {
      response.writeHead(200);
      timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
    });
    const error = await failure(fetching().fetch(url, { timeout: 300 }));
    expect(error.code).toBe("unreachable");
    expect(error.message).toMatch(/in time/);
  });

  test("a drip of header bytes does not either", async () => {
    const url = await serveRaw((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      const timer = setInterval(() => socket.write("x"), 20);
      socket.on("close", () => clearInterval(timer));
    });
    expect((await failure(fetching().fetch(url, { timeout: 300 }))).message).toMatch(/in time/);
  });

  test("a gigabyte is cut off after the first mebibyte", async () => {
    let sent = 0;
    const chunk = Buffer.alloc(64 * 1024, "x");
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-length": String(1024 ** 3) });
      const push = (): void => {
        while (sent < 1024 ** 3 && !response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once("drain", push);
        }
      };
      push();
    });
    const error = await failure(fetching().fetch(url));
    expect(error.code).toBe("protocol");
    expect(error.message).toMatch(/too large/);
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  test("a small body that unpacks to more than the limit is refused", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const url = await serve((_, response) => {
      response.setHeader("content-encoding", "gzip").end(bomb);
    });
    expect((await failure(fetching().fetch(url))).message).toMatch(/too large/);
  });

  test("exactly one mebibyte is read, one byte more is not", async () => {
    const url = await serve((request, response) => {
      response.end(Buffer.alloc(1024 * 1024 + (request.url === "/more" ? 1 : 0), "x"));
    });
    const { fetch } = fetching();
    expect((await fetch(url)).text.length).toBe(1024 * 1024);
    expect((await failure(fetch(`${url}/more`))).code).toBe("protocol");
  });
});

describe("the signal", () => {
  test("ends a running request with its reason", async () => {
    const controller = new AbortController();
    const url = await serve(() => controller.abort(new Error("the person left")));
    await expect(fetching({ signal: controller.signal }).fetch(url)).rejects.toThrow("the person left");
  });

  test("ends a request whose body is on its way", async () => {
    const controller = new AbortController();
    const url = await serve((_, response) => {
      response.writeHead(200);
      response.write("x");
      setTimeout(() => controller.abort(new Error("the person left")), 50);
    });
    await expect(fetching({ signal: controller.signal }).fetch(url)).rejects.toThrow("the person left");
  });

  test("that has ended lets no request out", async () => {
    let asked = false;
    const url = await serve((_, response) => {
      asked = true;
      response.end();
    });
    await expect(fetching({ signal: AbortSignal.abort(new Error("over")) }).fetch(url)).rejects.toThrow(
      "over",
    );
    expect(asked).toBe(false);
  });
});
