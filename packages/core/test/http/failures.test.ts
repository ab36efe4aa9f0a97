import { describe, expect, test } from "vitest";
import { failure, fetching } from "./fetching.js";
import { closedPort, serve, serveRaw } from "./servers.js";

describe("what went wrong is told apart", () => {
  test("a name that does not exist", async () => {
    const error = await failure(fetching().fetch("https://no-such-host.invalid/"));
    expect(error.code).toBe("unreachable");
    expect(error.reason).toMatch(/name of no-such-host\.invalid/);
  });

  test("a port that nobody listens on", async () => {
    const error = await failure(fetching().fetch(await closedPort()));
    expect(error.code).toBe("unreachable");
    expect(error.reason).toMatch(/Nothing listens there/);
    expect(error.next).toEqual(["Check the address, and whether the server runs there."]);
  });

  test("both addresses of localhost refused", async () => {
    const { port } = new URL(await closedPort());
    const error = await failure(fetching().fetch(`http://localhost:${port}`));
    expect(error.reason).toMatch(/Nothing listens there/);
  });

  test("a port that fetch does not use", async () => {
    expect((await failure(fetching().fetch("http://127.0.0.1:6000"))).reason).toMatch(
      /kept for another protocol/,
    );
  });

  test("a connection that is closed before and within the answer", async () => {
    const early = await serveRaw((socket) => {
      socket.once("data", () => socket.destroy());
    });
    const none = await failure(fetching().fetch(early));
    expect([none.message, none.reason]).toEqual([
      expect.stringMatching(/cannot be reached/),
      expect.stringMatching(/closed before/),
    ]);
    const late = await serveRaw((socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
    });
    const error = await failure(fetching().fetch(late));
    expect(error.code).toBe("unreachable");
    expect(error.message).toBe(`The answer of ${new URL(late).host} broke off before its end.`);
    expect(error.reason).toMatch(/closed before/);
  });

  test.each([
    ["garbage", "garbage\r\n\r\n"],
    ["endless headers", `HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(20_000)}\r\n`],
    ["damaged compression", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"],
    ["a bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
  ])("an answer that makes no sense: %s", async (_, bytes) => {
    const url = await serveRaw((socket) => {
      socket.once("data", () => socket.end(bytes));
    });
    expect((await failure(fetching().fetch(url))).code).toBe("protocol");
  });

  test("a server without TLS under an https address", async () => {
    const { port } = new URL(await serve((_, response) => response.end()));
    const error = await failure(fetching().fetch(`https://localhost:${port}/`));
    expect(error.code).toBe("unreachable");
    expect(error.reason).toMatch(/does not speak TLS/);
  });
});
