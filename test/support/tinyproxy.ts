import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atEnd } from "./cleanup.js";
import { freePort } from "./relay.js";
import { until } from "./wait.js";

/** A tinyproxy that runs until the tests of the file have ended. */
export interface Tinyproxy {
  /** `http://127.0.0.1:<port>`, without user and password. */
  readonly url: string;
  /** The same with a user and password. */
  as(user: string, password: string): string;
  /** What it was asked for so far: `CONNECT host:port`, `GET http://…`. */
  requests(): string[];
  stop(): Promise<void>;
}

export interface TinyproxyOptions {
  /** Default: 127.0.0.1. */
  readonly host?: "127.0.0.1" | "::1";
  readonly login?: { readonly user: string; readonly password: string };
  /** A host that it does not let anybody reach. */
  readonly refused?: string;
  /** The words before its command, for surroundings of its own. */
  readonly prefix?: readonly string[];
}

export async function startTinyproxy(options: TinyproxyOptions = {}): Promise<Tinyproxy> {
  const { host = "127.0.0.1", login, refused, prefix = [] } = options;
  const folder = mkdtempSync(join(tmpdir(), "meshauth-proxy-"));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const log = join(folder, "log");
  writeFileSync(join(folder, "refused"), `^${refused}$\n`);
  writeFileSync(
    join(folder, "conf"),
    [
      ...[`Port ${port}`, `Listen ${host}`, "Timeout 60", "MaxClients 50", `LogFile "${log}"`],
      ...["LogLevel Connect", "Allow 127.0.0.1", "Allow ::1"],
      ...(login ? [`BasicAuth ${login.user} ${login.password}`] : []),
      ...(refused ? [`Filter "${join(folder, "refused")}"`] : []),
      "",
    ].join("\n"),
  );
  const [command = "", ...args] = [...prefix, "tinyproxy", "-d", "-c", join(folder, "conf")];
  const child = spawn(command, args, { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve()).once("error", () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  atEnd(stop);
  await until(
    () => accepts(host, port),
    10_000,
    () => "tinyproxy does not listen.",
  );
  const address = host === "::1" ? `[::1]:${port}` : `${host}:${port}`;
  return {
    url: `http://${address}`,
    as: (user, password) => `http://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${address}`,
    requests: () =>
      [...readFileSync(log, "utf8").matchAll(/Request \(file descriptor \d+\): (\S+ \S+)/g)].map(
        ([, line = ""]) => line,
      ),
    stop,
  };
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once("error", () => resolve(false)).once("connect", () => resolve(true));
    socket.once("connect", () => socket.destroy());
  });
}
