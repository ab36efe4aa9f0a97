import type { EventEmitter } from "node:events";
import { connect, type Socket } from "node:net";
import { ProviderError } from "@meshauth/provider-api";
import { afterEach, expect } from "vitest";
import {
  type LoopbackReceiver,
  type Notice,
  type OpenReceiverOptions,
  openReceiver,
} from "../../src/receiver/index.js";

/** A made-up token envelope with a `+` in it, as Meshery Servers hand them out. */
export const TOKEN = envelope("SECRET-CANARY-one");
/** Another one. */
export const OTHER_TOKEN = envelope("SECRET-CANARY-two");

export function envelope(accessToken: string): string {
  // "~>" ends in bytes whose base64 has a plus sign.
  const json = JSON.stringify({ access_token: accessToken, pad: "~>~>~>?>" });
  return Buffer.from(json).toString("base64").replace(/=+$/, "");
}

/** What the receiver of a test saw and said. */
export interface Watched {
  readonly receiver: LoopbackReceiver<string>;
  readonly secrets: string[];
  readonly notices: Notice[];
  readonly abort: AbortController;
  /** `/cb/layer5/<nonce>` */
  readonly path: string;
}

const opened: LoopbackReceiver<string>[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((receiver) => receiver.close({ immediate: true })));
});

/** Opens a receiver that takes a token the way a provider does; it is closed after the test. */
export async function open(overrides: Partial<OpenReceiverOptions<string>> = {}): Promise<Watched> {
  const secrets: string[] = [];
  const notices: Notice[] = [];
  const abort = new AbortController();
  const receiver = await openReceiver<string>({
    providerId: "layer5",
    parameters: ["token", "error", "error_description"],
    accept: acceptToken,
    onSecret: (value) => secrets.push(value),
    onNotice: (notice) => notices.push(notice),
    signal: abort.signal,
    ...overrides,
  });
  opened.push(receiver);
  return { receiver, secrets, notices, abort, path: new URL(receiver.redirectUri).pathname };
}

export const acceptToken: OpenReceiverOptions<string>["accept"] = (parameters) => {
  const error = parameters.get("error");
  if (error !== undefined) {
    return { kind: "fail", reason: parameters.get("error_description") ?? error };
  }
  const token = parameters.get("token") ?? "";
  const refuse = (reason: string) => ({ kind: "refuse", reason }) as const;
  if (token.length > 32 * 1024 || !/^[A-Za-z0-9+/]+$/.test(token)) return refuse("This is not base64.");
  try {
    const { access_token } = JSON.parse(Buffer.from(token, "base64").toString()) as Record<string, unknown>;
    return typeof access_token === "string"
      ? { kind: "accept", value: token }
      : refuse("There is no access token in it.");
  } catch {
    return refuse("This is not JSON.");
  }
};

/** An answer as it came over the wire. */
export interface RawAnswer {
  /** 0 when the connection ended without an answer. */
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends bytes as they are and reads until the server ends the connection. */
export async function sendRaw(port: number, bytes: string | Buffer, host = "127.0.0.1"): Promise<RawAnswer> {
  const socket = connect(port, host);
  const text = collect(socket);
  socket.write(bytes);
  return parseAnswer(await text);
}

/** All that a connection brings until it ends, however it ends. */
export function collect(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
  });
  socket.on("error", () => {});
  return new Promise((resolve) => {
    socket.on("close", () => resolve(text));
  });
}

export function parseAnswer(text: string): RawAnswer {
  const [head = "", ...body] = text.split("\r\n\r\n");
  const [first = "", ...fields] = head.split("\r\n");
  const headers = fields.map((field) => {
    const colon = field.indexOf(":");
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const;
  });
  return { status: Number(first.split(" ")[1] ?? 0), headers: new Map(headers), body: body.join("\r\n\r\n") };
}

/** A request as a browser writes it, with header lines added or replaced. */
export function request(port: number, target: string, lines: readonly string[] = [], method = "GET"): string {
  const host = lines.some((line) => /^host:/i.test(line)) ? [] : [`Host: localhost:${port}`];
  return `${[`${method} ${target} HTTP/1.1`, ...host, ...lines].join("\r\n")}\r\n\r\n`;
}

/** Sends a GET with these header lines. */
export function get(port: number, target: string, lines: readonly string[] = []): Promise<RawAnswer> {
  return sendRaw(port, request(port, target, lines));
}

/** Shows that the login is still pending, and that the right callback still completes it. */
export async function expectWaiting({ receiver, path }: Watched): Promise<void> {
  const pending = Symbol("pending");
  expect(await Promise.race([receiver.outcome, Promise.resolve(pending)])).toBe(pending);
  expect((await get(receiver.port, `${path}?token=${TOKEN}`)).status).toBe(303);
  expect(await receiver.outcome).toBe(TOKEN);
}

/** The end of a connection, with or without an error. */
export function closed(connection: EventEmitter): Promise<void> {
  return new Promise((resolve) => {
    connection.once("close", () => resolve());
  });
}

/** Whether something accepts connections. */
export function isListening(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on("error", () => resolve(false));
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** The error that an outcome ends with. */
export async function failureOf(outcome: Promise<unknown>): Promise<ProviderError> {
  const error = await outcome.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}
