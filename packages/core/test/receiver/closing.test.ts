import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { openReceiver } from "../../src/receiver/index.js";
import { acceptToken, closed, get, isListening, OTHER_TOKEN, open, TOKEN } from "./support.js";

/** Waits for the port to be free, for a limited time. */
async function freed(port: number, limit: number): Promise<boolean> {
  for (const end = Date.now() + limit; Date.now() < end; await sleep(20)) {
    if (!(await isListening(port)) && !(await isListening(port, "::1"))) return true;
  }
  return false;
}

const settled = (promise: Promise<unknown>, limit: number) =>
  Promise.race([promise.then(() => true), sleep(limit, false)]);

describe("T21: the end of the drain", () => {
  test("the port is free once the result page was fetched, without a call of close", async () => {
    const { receiver, path } = await open();
    await get(receiver.port, `${path}?token=${TOKEN}`);
    expect((await get(receiver.port, "/done")).body).toContain("Login received");
    expect(await freed(receiver.port, 1000)).toBe(true);
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
    const before = timers();
    await receiver.close();
    // A timer left behind would keep the command from ending.
    expect(timers()).toBeLessThanOrEqual(before);
  });

  test("the port is free after a while when the result page is never fetched", async () => {
    const { receiver, path } = await open({ internals: { drain: { decided: 400 } } });
    await get(receiver.port, `${path}?token=${TOKEN}`);
    expect(await isListening(receiver.port)).toBe(true);
    expect(await freed(receiver.port, 2000)).toBe(true);
  });

  test("that while is 5 s at most", async () => {
    const { receiver, path } = await open();
    await get(receiver.port, `${path}?token=${TOKEN}`);
    expect(await freed(receiver.port, 6000)).toBe(true);
  });

  test("close waits for the browser on its way to the result page", async () => {
    const { receiver, path } = await open();
    await get(receiver.port, `${path}?token=${TOKEN}`);
    const closing = receiver.close();
    expect(await settled(closing, 300)).toBe(false);
    expect((await get(receiver.port, `${path}?token=${TOKEN}`)).status).toBe(303);
    expect((await get(receiver.port, `${path}?token=${OTHER_TOKEN}`)).status).toBe(409);
    expect((await get(receiver.port, "/done")).status).toBe(200);
    expect(await settled(closing, 500)).toBe(true);
    expect(await isListening(receiver.port)).toBe(false);
  });

  test("close does not wait longer than 2 s", async () => {
    const { receiver, path } = await open();
    await get(receiver.port, `${path}?token=${TOKEN}`);
    expect(await settled(receiver.close(), 3000)).toBe(true);
    expect(await isListening(receiver.port)).toBe(false);
  });

  test("a failed sign-in drains the same", async () => {
    const { receiver, path } = await open();
    await get(receiver.port, `${path}?error=access_denied`);
    const closing = receiver.close();
    expect(await settled(closing, 200)).toBe(false);
    expect((await get(receiver.port, "/done")).body).toContain("not completed");
    expect(await settled(closing, 500)).toBe(true);
  });

  test.each([
    ["a HEAD", "HEAD", []],
    ["a subresource", "GET", ["Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"]],
    ["a prefetch", "GET", ["Sec-Purpose: prefetch"]],
  ])("%s of the result page does not end it", async (_, method, lines) => {
    const { receiver, path } = await open();
    await get(receiver.port, `${path}?token=${TOKEN}`);
    const socket = connect(receiver.port, "127.0.0.1").resume();
    const head = [`${method} /done HTTP/1.1`, `Host: localhost:${receiver.port}`, ...lines];
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    await closed(socket);
    expect(await freed(receiver.port, 300)).toBe(false);
    expect((await get(receiver.port, "/done")).status).toBe(200);
  });

  test("immediate skips the wait", async () => {
    const { receiver, path } = await open();
    await get(receiver.port, `${path}?token=${TOKEN}`);
    const closing = receiver.close();
    expect(await settled(receiver.close({ immediate: true }), 500)).toBe(true);
    expect(await settled(closing, 0)).toBe(true);
    expect(await isListening(receiver.port)).toBe(false);
  });
});

describe("closing without an answer", () => {
  test("is at once, cuts open connections, and ends the outcome", async () => {
    const { receiver } = await open();
    const socket = connect(receiver.port, "127.0.0.1")
      .on("error", () => {})
      .resume();
    await once(socket, "connect");
    const cut = closed(socket);
    await Promise.all([receiver.close(), receiver.close()]);
    await cut;
    await expect(receiver.outcome).rejects.toMatchObject({ name: "AbortError" });
    expect(await isListening(receiver.port)).toBe(false);
    await receiver.close();
  });

  test("a paste after it is refused", async () => {
    const { receiver } = await open();
    await receiver.close();
    expect(receiver.paste(`${receiver.redirectUri}?token=${TOKEN}`)).toEqual({
      kind: "refuse",
      reason: "This login has ended.",
    });
  });

  test("a pasted answer needs no drain", async () => {
    const { receiver } = await open();
    receiver.paste(`${receiver.redirectUri}?token=${TOKEN}`);
    expect(await settled(receiver.close(), 500)).toBe(true);
  });
});

describe("the signal", () => {
  test("ends the wait with its reason and closes at once", async () => {
    const { receiver, abort } = await open();
    const socket = connect(receiver.port, "::1")
      .on("error", () => {})
      .resume();
    await once(socket, "connect");
    const cut = closed(socket);
    const reason = new Error("the person left");
    abort.abort(reason);
    await expect(receiver.outcome).rejects.toBe(reason);
    await cut;
    expect(await freed(receiver.port, 500)).toBe(true);
  });

  test("ends the drain too, and leaves the outcome as it is", async () => {
    const { receiver, path, abort } = await open();
    await get(receiver.port, `${path}?token=${TOKEN}`);
    abort.abort();
    expect(await freed(receiver.port, 500)).toBe(true);
    expect(await receiver.outcome).toBe(TOKEN);
  });

  test("aborted before, nothing is opened", async () => {
    const reason = new Error("too late");
    let asked = false;
    const opening = openReceiver({
      providerId: "layer5",
      parameters: ["token"],
      accept: acceptToken,
      onSecret: () => {},
      onNotice: () => {},
      signal: AbortSignal.abort(reason),
      internals: {
        choosePort: () => {
          asked = true;
          return 0;
        },
      },
    });
    await expect(opening).rejects.toBe(reason);
    expect(asked).toBe(false);
  });

  test("aborted while the port is bound, the port is given up", async () => {
    const abort = new AbortController();
    let port = 0;
    const opening = open({
      signal: abort.signal,
      internals: {
        nonce: () => {
          abort.abort(new Error("left"));
          return "A".repeat(43);
        },
      },
    });
    await expect(opening.then(({ receiver }) => (port = receiver.port))).rejects.toThrow("left");
    expect(port).toBe(0);
  });

  test("keeps no listener of a receiver that is closed", async () => {
    const { receiver, abort } = await open();
    await receiver.close();
    const reason = new Error("later");
    abort.abort(reason);
    await expect(receiver.outcome).rejects.toMatchObject({ name: "AbortError" });
  });
});
