import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, test } from "vitest";
import { expectWaiting, get, isListening, open, TOKEN } from "./support.js";

const others: ChildProcess[] = [];

afterEach(() => {
  for (const child of others.splice(0)) child.kill("SIGKILL");
});

/** Another process, of another user where we may choose, that listens on an address; gives the port. */
async function squat(host: string, port = 0): Promise<number> {
  const code = `const s = require("node:net").createServer((c) => c.destroy());
    s.listen({host: ${JSON.stringify(host)}, port: ${port}, ipv6Only: true}, () => console.log(s.address().port));`;
  const other = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const child = spawn(process.execPath, ["-e", code], {
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
    ...other,
  });
  others.push(child);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return Number(line.toString());
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("T05 A04: someone else listens on the ::1 half of the port", () => {
  test("the port is given up and the login succeeds on another", async () => {
    const taken = await squat("::1");
    const ports = [taken, taken, 0];
    const watched = await open({ internals: { choosePort: () => ports.shift() ?? 0 } });
    expect(watched.receiver.port).not.toBe(taken);
    expect(ports).toEqual([]);
    expect(await isListening(taken, "127.0.0.1")).toBe(false);
    await expectWaiting(watched);
  });

  test("after ten attempts it fails closed and names the cause", async () => {
    const taken = await squat("::1");
    let attempts = 0;
    const choosePort = () => {
      attempts += 1;
      return taken;
    };
    await expect(open({ internals: { choosePort } })).rejects.toMatchObject({
      code: "MESHAUTH_E_NO_LOOPBACK",
      cause: { code: "EADDRINUSE", address: "::1" },
    });
    expect(attempts).toBe(10);
    expect(await isListening(taken, "127.0.0.1")).toBe(false);
  });
});

describe("a port that was asked for", () => {
  test.each(["127.0.0.1", "::1"])("fails at once when %s has a listener on it", async (host) => {
    const port = await squat(host);
    await expect(open({ port })).rejects.toMatchObject({
      code: "MESHAUTH_E_PORT_IN_USE",
      message: `Port ${port} is not free.`,
      why: `Another program listens on port ${port} of ${host}.`,
    });
    if (host === "::1") expect(await isListening(port, "127.0.0.1")).toBe(false);
  });

  test("is used, is advertised, and is free again after close", async () => {
    const port = await freePort();
    for (let round = 0; round < 3; round += 1) {
      const { receiver, path } = await open({ port });
      expect(receiver.redirectUri).toBe(`http://localhost:${port}${path}`);
      expect((await get(port, `${path}?token=${TOKEN}`)).status).toBe(303);
      await receiver.close({ immediate: true });
      expect(await isListening(port, "127.0.0.1")).toBe(false);
      expect(await isListening(port, "::1")).toBe(false);
    }
  });
});

describe("loopback families", () => {
  test("IPv4 and IPv6 both answer", async () => {
    const { receiver } = await open();
    for (const host of ["127.0.0.1", "::1"]) expect(await isListening(receiver.port, host)).toBe(true);
  });

  test("no other address of the machine answers", async () => {
    const { receiver } = await open();
    const external = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, scopeid = 0 }) => !internal && scopeid === 0);
    const loopback = process.platform === "linux" ? ["127.0.0.2"] : [];
    for (const host of [...loopback, ...external.map(({ address }) => address)]) {
      expect([host, await isListening(receiver.port, host)]).toEqual([host, false]);
    }
  });

  test("nobody can take the port beside it", async () => {
    const { receiver } = await open();
    // Elsewhere a wildcard may be bound beside it; connections to loopback still come to the closer match.
    const wildcards = process.platform === "linux" ? ["0.0.0.0", "::"] : [];
    for (const host of ["127.0.0.1", "::1", ...wildcards]) {
      const server = createServer().listen({ port: receiver.port, host, exclusive: true });
      const [error] = (await once(server, "error")) as [NodeJS.ErrnoException];
      expect(error.code).toBe("EADDRINUSE");
    }
  });

  test("without IPv6 it goes on with IPv4 alone", async () => {
    // An address of the documentation prefix is not on this machine, as ::1 is not on one without IPv6.
    const watched = await open({ internals: { addresses: { v4: "127.0.0.1", v6: "2001:db8::1" } } });
    expect(await isListening(watched.receiver.port, "::1")).toBe(false);
    await expectWaiting(watched);
  });

  test("without IPv4 loopback it fails after one attempt", async () => {
    const addresses = { v4: "192.0.2.1", v6: "::1" };
    let attempts = 0;
    const choosePort = () => {
      attempts += 1;
      return 0;
    };
    await expect(open({ internals: { addresses, choosePort } })).rejects.toMatchObject({
      code: "MESHAUTH_E_NO_LOOPBACK",
    });
    expect(attempts).toBe(1);
  });
});

test("two receivers at once do not cross", async () => {
  const [one, two] = [await open(), await open()];
  expect(one.path).not.toBe(two.path);
  expect((await get(one.receiver.port, `${two.path}?token=${TOKEN}`)).status).toBe(404);
  expect((await get(two.receiver.port, `${one.path}?token=${TOKEN}`)).status).toBe(404);
  await expectWaiting(two);
  await expectWaiting(one);
});

test("the nonce is 43 characters of base64url, new for each login", async () => {
  const paths = await Promise.all([open(), open(), open()]);
  for (const { path } of paths) expect(path).toMatch(/^\/cb\/layer5\/[A-Za-z0-9_-]{43}$/);
  expect(new Set(paths.map(({ path }) => path)).size).toBe(3);
});
