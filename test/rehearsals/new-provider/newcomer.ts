import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { atEnd } from "../../support/cleanup.js";
import { NOWHERE } from "../../support/offline.js";
import { type Outcome, PROGRAM } from "../../support/program.js";

/** No command of a newcomer may take longer; it is ended then. */
const LIMIT_MS = 240_000;

/**
 * Somebody at a machine with Node, npm and `meshauth`, and nothing else: a home and an empty folder. The program is the
 * one of this checkout until they install it with `npm install --global @meshauth/cli`.
 */
export interface Newcomer {
  readonly home: string;
  /** The folder in which they type. */
  cwd: string;
  /** What was waited for: each command, and how many seconds it took. */
  readonly waits: readonly { readonly command: string; readonly seconds: number }[];
  /** Types a command, in a shell. @throws when it ends with anything but 0, with what it said. */
  type(command: string, env?: Readonly<Record<string, string>>): Promise<Outcome>;
  /** The same for a command that prints one JSON document. */
  ask(command: string, env?: Readonly<Record<string, string>>): Promise<unknown>;
  /** Types a command and looks on while it runs. */
  start(command: string, env?: Readonly<Record<string, string>>): Started;
}

/** A command on its way. It is ended with the tests of the file. */
export interface Started {
  /** The first match in what it prints, on either stream. Rejects when it ends without one. */
  see(pattern: RegExp): Promise<RegExpExecArray>;
  readonly outcome: Promise<Outcome>;
  stop(): void;
}

/** @param registry - Variables with which npm knows a registry, and no other. */
export function newcomer(registry: Readonly<Record<string, string>>): Newcomer {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "meshauth-newcomer-")));
  atEnd(() => rmSync(home, { recursive: true, force: true }));
  const [bin, cwd] = [join(home, "bin"), join(home, "empty")];
  for (const folder of [bin, cwd]) mkdirSync(folder);
  const program = join(bin, "meshauth");
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  chmodSync(program, 0o755);
  const base = {
    PATH: [join(home, "global/bin"), bin, dirname(process.execPath), process.env["PATH"] ?? ""].join(
      delimiter,
    ),
    npm_config_prefix: join(home, "global"),
    HOME: home,
    TMPDIR: tmpdir(),
    NO_COLOR: "1",
    // Whatever would go to the public network ends here.
    HTTPS_PROXY: NOWHERE,
    ALL_PROXY: "",
    NO_PROXY: "127.0.0.1,localhost",
    MESHERY_SERVER_URL: NOWHERE,
    MESHAUTH_BROWSER: `"${process.execPath}" "${fileURLToPath(new URL("visitor.mjs", import.meta.url))}"`,
    ...registry,
  };
  const waits: { command: string; seconds: number }[] = [];
  const self: Newcomer = {
    home,
    cwd,
    waits,
    start: (command, env = {}) => startCommand(command, self.cwd, { ...base, ...env }),
    async type(command, env) {
      const begin = performance.now();
      const outcome = await self.start(command, env).outcome;
      waits.push({ command, seconds: (performance.now() - begin) / 1000 });
      if (outcome.code === 0) return outcome;
      throw new Error(`${command} ended with ${outcome.code}.\n${outcome.stdout}\n${outcome.stderr}`);
    },
    ask: async (command, env) => JSON.parse((await self.type(command, env)).stdout),
  };
  return self;
}

function startCommand(command: string, cwd: string, env: Record<string, string>): Started {
  // A group of its own, so that what it starts ends with it.
  const child = spawn("sh", ["-c", command], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let ended = false;
  const printed = { stdout: "", stderr: "" };
  const watchers = new Set<() => void>();
  const outcome = new Promise<Outcome>((resolve, reject) => {
    const timer = setTimeout(() => endGroup(child), LIMIT_MS);
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (chunk: string) => {
        printed[name] += chunk;
        for (const watcher of watchers) watcher();
      });
    }
    child.once("error", reject).once("close", (code) => {
      clearTimeout(timer);
      ended = true;
      resolve({ code, ...printed });
      for (const watcher of watchers) watcher();
    });
  });
  const stop = (): void => {
    if (!ended) endGroup(child);
  };
  atEnd(stop);
  return {
    outcome,
    stop,
    see: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const text = `${printed.stdout}\n${printed.stderr}`;
          const match = pattern.exec(text);
          if (!match && !ended) return;
          watchers.delete(look);
          if (match) resolve(match);
          else reject(new Error(`${command} never printed ${pattern}:\n${text}`));
        };
        watchers.add(look);
        look();
      }),
  };
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // It has ended meanwhile.
  }
}

/** A port of loopback that is free at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
