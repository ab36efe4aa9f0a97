import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, readlink, rm, utimes } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { createUser, type User } from "../support/program.js";
import { placePlugin, write, writeProvider } from "../support/provider-package.js";

// Several real programs and npm one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

const LOCK = "plugins.lock";
const SNAPSHOT = ".plugins-snapshot";

const leftovers = async (user: User): Promise<string[]> => [
  ...(await readdir(user.dataDir)).filter((name) => /^\.?plugins|^package\.json\./.test(name)),
  ...(await readdir(join(user.home, "tmp"))),
];

/** A process that lives until the test is over, or is dead. */
async function otherProcess(alive: boolean): Promise<{ pid: number; end(): void }> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.on("close", resolve));
  if (!alive) {
    child.kill("SIGKILL");
    await ended;
  }
  return { pid: child.pid ?? 0, end: () => void child.kill("SIGKILL") };
}

/** Leaves the lock of a process, silent since a time. A process of this machine tells by itself whether it lives. */
async function lockOf(user: User, pid: number, host = hostname(), silentSince = new Date()): Promise<void> {
  const path = join(user.dataDir, LOCK);
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "latin1").catch(() => undefined);
  const namespace = await readlink("/proc/self/ns/pid").catch(() => undefined);
  const program = "another-meshauth";
  await write(path, { pid, boot: boot?.trim(), namespace, host, program, nonce: "another" });
  await utimes(path, silentSince, silentSince);
}

const longAgo = () => new Date(Date.now() - 120_000);

describe("several at once", () => {
  it("four installations all succeed", async () => {
    const user = await createUser();
    const names = ["a", "b", "c", "d"].map((letter) => `acme-${letter}`);
    for (const name of names) await writeProvider(join(user.cwd, name), name, name);
    const runs = await Promise.all(
      names.map((name) => user.json(["plugins", "install", `./${name}`, "--yes"])),
    );
    expect(runs.map(({ code, stderr }) => ({ code, stderr: code === 0 ? "" : stderr }))).toEqual(
      names.map(() => ({ code: 0, stderr: "" })),
    );
    const { document } = await user.json(["plugins"]);
    expect(document).toMatchObject({ problems: [] });
    expect((document["plugins"] as { name: string }[]).map(({ name }) => name).sort()).toEqual(names);
    const { packages } = JSON.parse(await readFile(join(user.dataDir, "trust.json"), "utf8"));
    expect(Object.keys(packages).sort()).toEqual(names);
    expect(await leftovers(user)).toEqual([]);
  });

  it("two that want one id: one gets it, the other is refused", async () => {
    const user = await createUser();
    for (const name of ["acme-one", "acme-two"]) await writeProvider(join(user.cwd, name), name, "acme");
    const runs = await Promise.all(
      ["acme-one", "acme-two"].map((name) => user.json(["plugins", "install", `./${name}`, "--yes"])),
    );
    expect(runs.map(({ code }) => code).sort()).toEqual([0, 9]);
    expect((await user.json(["plugins"])).document).toMatchObject({
      plugins: [{ providers: [{ id: "acme" }] }],
      problems: [],
    });
  });

  it("the lock of a live process is waited for, and given up on at the limit", async () => {
    const user = await createUser();
    await placePlugin(user.dataDir, "acme-provider", "acme");
    const other = await otherProcess(true);
    try {
      await lockOf(user, other.pid);
      const { code, document, stderr } = await user.json(["plugins", "uninstall", "acme", "--timeout", "1s"]);
      expect({ code, document }).toMatchObject({
        code: 8,
        document: {
          error: {
            code: "MESHAUTH_E_LOCKED",
            message: "Another meshauth is changing the plugins.",
            cause: expect.stringContaining(
              `another-meshauth (process ${other.pid} on ${hostname()}, since an unknown time) holds ${join(user.dataDir, LOCK)}`,
            ),
            next: [
              "Wait for the other program, or end it, and try again.",
              `Only when there is no such program any more: rm ${join(user.dataDir, LOCK)}`,
            ],
          },
        },
      });
      expect(stderr.match(/Waiting for it to finish/g)).toHaveLength(1);
      const waiting = user.start(["plugins", "uninstall", "acme"]);
      await delay(1_000);
      await rm(join(user.dataDir, LOCK));
      expect((await waiting.ended).code).toBe(0);
    } finally {
      other.end();
    }
  });

  it("the lock of a dead process is taken over, also by many at once", async () => {
    const user = await createUser();
    const names = ["a", "b", "c", "d"].map((letter) => `acme-${letter}`);
    for (const name of names) await placePlugin(user.dataDir, name, name);
    await lockOf(user, (await otherProcess(false)).pid, hostname(), longAgo());
    const runs = await Promise.all(names.map((name) => user.run(["plugins", "uninstall", name])));
    expect(runs.map(({ code, stderr }) => (code === 0 ? "" : stderr))).toEqual(names.map(() => ""));
    expect((await user.json(["plugins"])).document).toEqual({ plugins: [], problems: [] });
    expect(await leftovers(user)).toEqual([]);
  });

  it("the lock of a host with another name is taken over after a minute's silence", async () => {
    const user = await createUser();
    await placePlugin(user.dataDir, "acme-provider", "acme");
    await lockOf(user, process.pid, "renamed-since", longAgo());
    expect((await user.run(["plugins", "uninstall", "acme"])).code).toBe(0);
    expect(await leftovers(user)).toEqual([]);
  });
});

describe("cut short", () => {
  /** Starts an installation and waits for the moment at which npm works on the real folder. */
  async function underWay(): Promise<{ user: User; install: ReturnType<User["start"]> }> {
    const user = await createUser();
    await placePlugin(user.dataDir, "first-provider", "first");
    await writeProvider(join(user.cwd, "second"), "second-provider", "second");
    const install = user.start(["plugins", "install", "./second", "--yes"]);
    for (let round = 0; round < 2_000 && !existsSync(join(user.dataDir, SNAPSHOT, "index.json")); round++)
      await delay(5);
    expect(existsSync(join(user.dataDir, SNAPSHOT, "index.json"))).toBe(true);
    return { user, install };
  }

  it("SIGKILL in the middle: the next command puts the old state back and works", async () => {
    const { user, install } = await underWay();
    install.child.kill("SIGKILL");
    await install.ended;
    expect(existsSync(join(user.dataDir, LOCK))).toBe(true);
    const again = await user.json(["plugins", "install", "./second", "--yes"]);
    expect(again).toMatchObject({ code: 0, document: { plugin: { name: "second-provider" } } });
    expect((await user.json(["plugins"])).document).toMatchObject({
      plugins: [{ name: "first-provider" }, { name: "second-provider" }],
      problems: [],
    });
    expect((await readdir(user.dataDir)).filter((name) => /^\.?plugins/.test(name))).toEqual([]);
  });

  it("SIGKILL in the middle: a command that only reads finds the old state, and puts it back", async () => {
    const { user, install } = await underWay();
    install.child.kill("SIGKILL");
    await install.ended;
    // npm may still be at it for a moment.
    await rm(join(user.dataDir, "node_modules"), { recursive: true, force: true, maxRetries: 10 });
    expect((await user.run(["login", "first", "--help"])).code).toBe(0);
    expect(existsSync(join(user.dataDir, "node_modules/first-provider"))).toBe(true);
    expect(existsSync(join(user.dataDir, "node_modules/second-provider"))).toBe(false);
    expect((await user.json(["plugins"])).document).toMatchObject({
      plugins: [{ name: "first-provider" }],
      problems: [],
    });
    expect((await readdir(user.dataDir)).filter((name) => /^\.?plugins/.test(name))).toEqual([]);
  });

  it("SIGKILL while npm waits for the registry: npm ends, too", async () => {
    const user = await createUser();
    const registry = createServer().listen(0, "127.0.0.1");
    try {
      await once(registry, "listening");
      const asked = once(registry, "request");
      const { port } = registry.address() as AddressInfo;
      const url = `http://127.0.0.1:${port}/`;
      const { child } = user.start(["plugins", "install", "acme", "--yes"], { npm_config_registry: url });
      const [{ socket }] = (await asked) as [IncomingMessage];
      const gone = once(socket, "close");
      child.kill("SIGKILL");
      await gone;
    } finally {
      registry.closeAllConnections();
      registry.close();
    }
  });

  it("Ctrl-C: exit 130, the old state, nothing left behind", async () => {
    const { user, install } = await underWay();
    install.child.kill("SIGINT");
    expect((await install.ended).code).toBe(130);
    expect(await leftovers(user)).toEqual([]);
    const { oclif, dependencies } = JSON.parse(await readFile(join(user.dataDir, "package.json"), "utf8"));
    expect([oclif.plugins.length, Object.keys(dependencies)]).toEqual([1, ["first-provider"]]);
    expect(existsSync(join(user.dataDir, "node_modules/second-provider"))).toBe(false);
    expect((await user.run(["login", "first", "--help"])).code).toBe(0);
  });

  it("half a snapshot is no reason to change anything", async () => {
    const user = await createUser();
    await placePlugin(user.dataDir, "acme-provider", "acme");
    await mkdir(join(user.dataDir, SNAPSHOT, "node_modules"), { recursive: true });
    await writeProvider(join(user.cwd, "other"), "other-provider", "other");
    expect((await user.run(["plugins", "link", "other"])).code).toBe(0);
    expect((await user.json(["plugins"])).document).toMatchObject({
      plugins: [{ name: "acme-provider" }, { name: "other-provider" }],
      problems: [],
    });
    expect(await leftovers(user)).toEqual([]);
  });
});
