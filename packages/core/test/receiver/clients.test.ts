import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import {
  closed,
  collect,
  expectWaiting,
  get,
  open,
  parseAnswer,
  request,
  sendRaw,
  TOKEN,
} from "./support.js";

const sockets: Socket[] = [];
const timers: NodeJS.Timeout[] = [];

afterEach(() => {
  for (const timer of timers.splice(0)) clearInterval(timer);
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** Connects and sends a request's head one byte a second. */
async function drip(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => {});
  await once(socket, "connect");
  const text = `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nX-Slow: ${"x".repeat(100)}`;
  let sent = 0;
  const timer = setInterval(() => {
    if (socket.writable) socket.write(text[sent++] ?? "x");
  }, 1000);
  timers.push(timer);
  socket.on("close", () => clearInterval(timer));
  socket.write(text[sent++] ?? "");
  return socket;
}

/** Connects and sends nothing. */
async function silent(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  sockets.push(socket);
  await once(socket, "connect");
  return socket.resume();
}

const stillOpen = (all: readonly Socket[]) => all.filter((socket) => !socket.destroyed).length;

describe("T28 A06: slow and many clients", () => {
  test("50 slow connections and 1,000 wrong requests do not keep the right one from its answer", async () => {
    const { receiver, path, notices } = await open();
    const { port } = receiver;
    const started = Date.now();
    const slow = await Promise.all(Array.from({ length: 50 }, () => drip(port)));
    for (const socket of slow) socket.resume();
    for (let round = 0; round < 20; round += 1) {
      const wrong = Array.from({ length: 50 }, (_, index) => get(port, `/cb/layer5/${index}?token=${TOKEN}`));
      expect((await Promise.all(wrong)).map(({ status }) => status)).toEqual(wrong.map(() => 404));
    }
    const right = await Promise.race([get(port, `${path}?token=${TOKEN}`), sleep(2000, undefined)]);
    expect(right?.status).toBe(303);
    expect(await receiver.outcome).toBe(TOKEN);
    expect(notices).toEqual([]);
    while (stillOpen(slow) > 0 && Date.now() - started < 7000) await sleep(50);
    expect(stillOpen(slow)).toBe(0);
  });

  test("the right request is answered in the middle of 400 wrong ones", async () => {
    const { receiver, path } = await open();
    const send = (index: number) =>
      get(receiver.port, `${index === 200 ? path : "/cb/layer5/x"}?token=${TOKEN}`);
    const answers = await Promise.all(Array.from({ length: 400 }, (_, index) => send(index)));
    expect(answers[200]?.status).toBe(303);
    expect(answers.filter(({ status }) => status === 404).length).toBe(399);
  });

  test("of 50 slow connections the oldest are dropped until 32 are left", async () => {
    const { receiver } = await open();
    const slow: Socket[] = [];
    for (let index = 0; index < 50; index += 1) slow.push((await drip(receiver.port)).resume());
    await expect.poll(() => stillOpen(slow), { timeout: 3000 }).toBe(32);
    expect(stillOpen(slow.slice(-32))).toBe(32);
  });

  test("newer connections do not push out one that may still send its request", async () => {
    const { receiver, path } = await open({ internals: { limits: { grace: 3000 } } });
    const browser = connect(receiver.port, "127.0.0.1");
    const text = collect(browser);
    await once(browser, "connect");
    for (let index = 0; index < 100; index += 1) await silent(receiver.port);
    browser.write(request(receiver.port, `${path}?token=${TOKEN}`));
    expect(parseAnswer(await text).status).toBe(303);
  });

  test("unless there are far too many: then the oldest go", async () => {
    const limits = { connections: 4, burst: 8, grace: 60_000 };
    const { receiver } = await open({ internals: { limits } });
    const all: Socket[] = [];
    for (let index = 0; index < 12; index += 1) all.push(await silent(receiver.port));
    await expect.poll(() => all.map((socket) => socket.destroyed)).toEqual(all.map((_, index) => index < 4));
  });

  test("a silent connection is cut within 7 s, and its login waits", async () => {
    const watched = await open();
    const socket = connect(watched.receiver.port, "127.0.0.1").resume();
    sockets.push(socket);
    expect(await Promise.race([closed(socket).then(() => "cut"), sleep(7000, "open")])).toBe("cut");
    await expectWaiting(watched);
  });

  test("a client that does not read its answer does not keep its connection", async () => {
    const { receiver, path } = await open();
    const socket = connect(receiver.port, "127.0.0.1").pause();
    sockets.push(socket);
    socket.on("error", () => {});
    socket.write(request(receiver.port, `${path}?token=${TOKEN}`));
    await receiver.outcome;
    await receiver.close({ immediate: true });
  });
});

describe("T29 A30: clients that do not speak HTTP", () => {
  test("a TLS handshake is noticed, once", async () => {
    const watched = await open();
    const { port } = watched.receiver;
    for (let round = 0; round < 3; round += 1) {
      const socket = connectTls({ port, host: "127.0.0.1", servername: "localhost" });
      const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
      expect(error).toBeInstanceOf(Error);
    }
    expect(watched.notices.map(({ kind }) => kind)).toEqual(["tls"]);
    expect(watched.notices[0]?.message).toMatch(/https.*localhost.*paste/);
    await expectWaiting(watched);
  });

  test("a handshake byte later in a connection is only garbage", async () => {
    const watched = await open();
    const socket = connect(watched.receiver.port, "127.0.0.1");
    sockets.push(socket);
    const text = collect(socket);
    socket.write("GET / HTTP/1.1\r\n");
    await sleep(100);
    socket.write(Buffer.from([0x16, 3, 1, 2, 0]));
    await text;
    expect(watched.notices).toEqual([]);
    await expectWaiting(watched);
  });

  test("the HTTP/2 preface does no harm", async () => {
    const watched = await open();
    const session = connectHttp2(`http://127.0.0.1:${watched.receiver.port}`);
    session.on("error", () => {});
    await closed(session);
    await expectWaiting(watched);
  });

  test("raw garbage is refused", async () => {
    const watched = await open();
    for (let round = 0; round < 200; round += 1) {
      const bytes = randomBytes(1 + round * 20);
      // A first byte of 0x16 would be a handshake.
      bytes[0] = (bytes[0] ?? 0) | 0x80;
      expect([400, 0]).toContain((await sendRaw(watched.receiver.port, bytes)).status);
    }
    expect(watched.notices).toEqual([]);
    await expectWaiting(watched);
  });

  test("right requests with bytes changed at random do no harm", async () => {
    const { receiver, path } = await open({ accept: () => ({ kind: "refuse", reason: "no" }) });
    const text = Buffer.from(request(receiver.port, `${path}?token=${TOKEN}`, ["Sec-Fetch-Mode: navigate"]));
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(text);
      for (const [at = 0, value = 0] of [randomBytes(2), randomBytes(2)]) bytes[at % bytes.length] = value;
      const socket = connect(receiver.port, "127.0.0.1");
      const answer = collect(socket);
      socket.end(bytes);
      expect([200, 204, 303]).not.toContain(parseAnswer(await answer).status);
    }
    expect((await get(receiver.port, "/")).status).toBe(404);
  });

  test("100 empty connections, ended or reset at once, do no harm", async () => {
    const watched = await open();
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const socket = connect(watched.receiver.port, index % 2 === 0 ? "127.0.0.1" : "::1");
        socket.on("error", () => {});
        await once(socket, "connect");
        const gone = closed(socket);
        if (index % 3 === 0) socket.resetAndDestroy();
        else if (index % 3 === 1) socket.destroy();
        else socket.end().resume();
        await gone;
      }),
    );
    await expectWaiting(watched);
  });

  test("a client that is gone before its answer does no harm", async () => {
    const watched = await open();
    for (let round = 0; round < 20; round += 1) {
      const socket = connect(watched.receiver.port, "127.0.0.1").on("error", () => {});
      await once(socket, "connect");
      socket.write(request(watched.receiver.port, "/"), () => socket.resetAndDestroy());
      await closed(socket);
    }
    await expectWaiting(watched);
  });
});
