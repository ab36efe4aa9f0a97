import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isListening } from "./login.js";
import { type Home, PROGRAM } from "./program.js";
import { until } from "./wait.js";

const SSHD = "/usr/sbin/sshd";
const FAR_SIDE = fileURLToPath(new URL("far-side.mjs", import.meta.url));
const PIPE = fileURLToPath(new URL("pipe.mjs", import.meta.url));

/** Starts a command with a loopback of its own. Who is not root becomes it there. */
const OWN_NETWORK = ["--net", ...(process.getuid?.() === 0 ? [] : ["--map-root-user"])];

/** Why there is no SSH to test with; undefined when there is. */
export const NO_SSH: string | undefined = reasonAgainst();

function reasonAgainst(): string | undefined {
  if (!existsSync(SSHD)) return `skipped: there is no ${SSHD}`;
  if (spawnSync("ssh", ["-V"]).status !== 0) return "skipped: there is no ssh";
  const script = ["sh", "-c", "ip link set lo up"];
  if (spawnSync("unshare", [...OWN_NETWORK, ...script]).status === 0) return undefined;
  return "skipped: no network namespace can be made with unshare and ip";
}

/** What the person's own machine saw. */
export interface FarSide {
  /** The answers' statuses, redirects followed; before the tunnel was there, the error's code instead. */
  readonly before: readonly (number | string)[];
  readonly after: readonly (number | string)[];
}

/** An SSH server on loopback that the user of this process can log in to. */
export interface SshServer {
  readonly user: string;
  readonly port: number;
  /** The client with what it has to know, for commands that go on with a host. */
  readonly client: readonly [string, ...string[]];
  /**
   * On another machine, as far as the network goes: opens an address, then types a command line, and opens the
   * address again. The machine's user has a configuration by which the server is reached.
   */
  elsewhere(line: string, address: string): Promise<FarSide>;
  close(): Promise<void>;
}

/** The words behind the client that run the program on the server, in a home's folder and with its environment. */
export function remotely(
  { user }: Pick<SshServer, "user">,
  home: Home,
  args: readonly string[],
  { tty = "-tt", env = home.env }: { readonly tty?: "-tt" | "-T"; readonly env?: Home["env"] } = {},
): string[] {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const remote = ["env", ...variables, process.execPath, PROGRAM, ...args].map(quoted).join(" ");
  return [tty, `${user}@127.0.0.1`, `cd ${quoted(home.path)} && exec ${remote}`];
}

/** A word as a shell reads it back. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Starts an SSH server with a configuration and keys of its own. */
export async function startSshServer(): Promise<SshServer> {
  const folder = mkdtempSync(join(tmpdir(), "meshauth-ssh-"));
  const [hostKey, key, config] = ["host", "key", "sshd_config"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [hostKey, key])
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path]);
  const port = await freePort();
  writeFileSync(config, serverConfig(port, hostKey, key));
  writeFileSync(join(folder, "known_hosts"), `[127.0.0.1]:${port} ${readFileSync(`${hostKey}.pub`, "utf8")}`);
  // Run by root, it insists on this folder, which its service makes elsewhere.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const server = spawn(SSHD, ["-D", "-e", "-f", config], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  server.stderr.setEncoding("utf8").on("data", (chunk) => (log += chunk));
  await until(
    () => isListening(port),
    10_000,
    () => `sshd does not listen:\n${log}`,
  );

  const near = join(folder, "near");
  writeFileSync(near, clientConfig(folder));
  const socket = join(folder, "socket");
  // The only way in from a network that has nothing but its loopback.
  const door = createServer((from) => {
    const to = connect(port, "127.0.0.1");
    from.pipe(to).pipe(from);
    from.on("error", () => to.destroy());
    to.on("error", () => from.destroy());
  }).listen(socket);
  await once(door, "listening");
  const far = writeFarMachine(folder, socket);

  return {
    user: userInfo().username,
    port,
    client: ["ssh", "-F", near, "-p", String(port)],
    async elsewhere(line, address) {
      const command = [...OWN_NETWORK, process.execPath, FAR_SIDE, line, address];
      const env = { ...process.env, PATH: `${far}:${process.env["PATH"] ?? ""}` };
      const { stdout } = await promisify(execFile)("unshare", command, { env, timeout: 20_000 });
      return JSON.parse(stdout) as FarSide;
    },
    async close() {
      door.close();
      await stop(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function serverConfig(port: number, hostKey: string, key: string): string {
  return [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${key}.pub`,
    "PidFile none",
    "StrictModes no",
    "UsePAM no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin prohibit-password",
    "LogLevel ERROR",
    "",
  ].join("\n");
}

function clientConfig(folder: string, more: readonly string[] = []): string {
  return [
    `IdentityFile ${join(folder, "key")}`,
    "IdentitiesOnly yes",
    `UserKnownHostsFile ${join(folder, "known_hosts")}`,
    "StrictHostKeyChecking yes",
    "BatchMode yes",
    "LogLevel ERROR",
    ...more,
    "",
  ].join("\n");
}

/** A folder for `PATH` with an `ssh` that has the other machine's configuration, as a person's file would give it. */
function writeFarMachine(folder: string, socket: string): string {
  const bin = join(folder, "bin");
  const config = join(folder, "far");
  writeFileSync(config, clientConfig(folder, [`ProxyCommand ${process.execPath} ${PIPE} ${socket}`]));
  mkdirSync(bin);
  const ssh = execFileSync("sh", ["-c", "command -v ssh"], { encoding: "utf8" }).trim();
  writeFileSync(join(bin, "ssh"), `#!/bin/sh\nexec ${ssh} -F ${config} "$@"\n`, { mode: 0o755 });
  return bin;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
