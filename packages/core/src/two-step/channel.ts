import { chmod } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";

/** A name in the folder of a pending login. */
const SOCKET = "s";
/** `sun_path` has 104 bytes on macOS and 108 on Linux, the end mark included. */
const LONGEST_PATH = 103;
const LARGEST_MESSAGE = 512 * 1024;

/** Where the two halves of a login meet. */
export interface Meeting {
  /** The folder of the pending login. */
  readonly folder: string;
  readonly id: string;
  readonly platform: NodeJS.Platform;
}

/** Listens for the other half, where only this user can reach it. */
export async function listenAt(meeting: Meeting, onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer(onConnection);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    atAddress(meeting, (path) => server.listen(path, resolve));
  });
  // A connection that cannot be accepted is the other side's to notice.
  server.removeAllListeners("error").on("error", () => undefined);
  if (meeting.platform !== "win32") await chmod(join(meeting.folder, SOCKET), 0o600);
  return server;
}

/** Connects to the half that keeps the login; `undefined` when nobody is there. */
export async function connectTo(meeting: Meeting): Promise<Socket | undefined> {
  return await new Promise((resolve) => {
    try {
      const socket = atAddress(meeting, (path) => connect(path));
      socket.once("connect", () => resolve(socket)).once("error", () => resolve(undefined));
    } catch {
      resolve(undefined);
    }
  });
}

/**
 * Calls `use` with the address: a named pipe on Windows, elsewhere a socket in the folder. A socket's path is
 * limited; one that is too long is used from within its folder, which takes one synchronous moment.
 */
function atAddress<T>({ folder, id, platform }: Meeting, use: (path: string) => T): T {
  if (platform === "win32") return use(`\\\\.\\pipe\\meshauth-${id}`);
  const path = join(folder, SOCKET);
  if (Buffer.byteLength(path) <= LONGEST_PATH) return use(path);
  const before = process.cwd();
  process.chdir(folder);
  try {
    return use(SOCKET);
  } finally {
    process.chdir(before);
  }
}

/** Sends one message. Resolves when it is with the system, or cannot be sent. */
export async function send(socket: Socket, message: object): Promise<void> {
  await new Promise<void>((resolve) => {
    if (socket.writable) socket.write(`${JSON.stringify(message)}\n`, () => resolve());
    else resolve();
  });
}

/** Calls `onMessage` with each message, and `onEnd` once, when there will be no more. What is no message ends it. */
export function receive(socket: Socket, onMessage: (message: object) => void, onEnd: () => void): void {
  let text = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    const lines = (text + chunk).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const message = parse(line);
      if (message === undefined) socket.destroy();
      else onMessage(message);
    }
    if (text.length > LARGEST_MESSAGE) socket.destroy();
  });
  socket.on("error", () => undefined);
  // The other half has nothing to hear once it has no more to say.
  socket.once("end", () => socket.destroy()).once("close", onEnd);
}

function parse(line: string): object | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === "object" && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}
