import { createRequire } from "node:module";
import { isIP } from "node:net";
import type { Note } from "./guards.js";

// Only the CommonJS objects can be changed; `syncBuiltinESMExports` passes the change on.
const require = createRequire(import.meta.url);

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Sees every connection that this process opens, by whichever means: `http`, `https`, `tls` and the built-in
 * `fetch` all come down to a socket. Connections to the ports that `isOwn` accepts are the kit's; all others are
 * noted and refused.
 */
export function guardNetwork(note: Note, isOwn: (port: number) => boolean): void {
  const net = require("node:net") as typeof import("node:net");
  const connect = net.Socket.prototype.connect as unknown as Method;
  net.Socket.prototype.connect = function (this: import("node:net").Socket, ...args: unknown[]) {
    const place = placeOf(args);
    if (typeof place !== "string" && isLocal(place.host) && isOwn(place.port)) {
      return connect.apply(this, args) as import("node:net").Socket;
    }
    note(
      "connects",
      `opened a connection to ${typeof place === "string" ? place : `${place.host}:${place.port}`}`,
    );
    const refusal = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    process.nextTick(() => this.destroy(refusal));
    return this;
  } as typeof net.Socket.prototype.connect;
  guardDatagrams(note);
  guardNames(note);
}

function guardDatagrams(note: Note): void {
  const { Socket } = require("node:dgram") as typeof import("node:dgram");
  const prototype = Socket.prototype as unknown as Record<"send" | "connect", Method>;
  for (const name of ["send", "connect"] as const) {
    prototype[name] = () => {
      note("connects", "sent a datagram");
      throw Object.assign(new Error(`${name} ENETUNREACH`), { code: "ENETUNREACH" });
    };
  }
}

/** Asking for a name is traffic too. What the host itself resolves is an address already. */
function guardNames(note: Note): void {
  const dns = require("node:dns") as unknown as Record<string, unknown>;
  const promises = dns["promises"] as Record<string, unknown>;
  for (const [object, fails] of [
    [dns, false],
    [promises, true],
  ] as const) {
    for (const [name, original] of Object.entries(object)) {
      if (typeof original !== "function" || !/^(?:lookup|resolve|reverse)/.test(name)) continue;
      object[name] = (...args: unknown[]): unknown => {
        const [host] = args;
        if (name === "lookup" && isLocal(host)) return Reflect.apply(original, object, args);
        note("connects", `asked for the address of ${String(host)}`);
        const error = Object.assign(new Error(`${name} ENOTFOUND`), { code: "ENOTFOUND" });
        if (fails) return Promise.reject(error);
        const callback = args.at(-1);
        if (typeof callback === "function")
          process.nextTick(() => Reflect.apply(callback, undefined, [error]));
        return undefined;
      };
    }
  }
}

/** What `Socket.connect` was asked for: options, a port with a host, a path, or what `net.connect` made of them. */
function placeOf(args: readonly unknown[]): string | { readonly host: string; readonly port: number } {
  const [first, second] = args;
  if (Array.isArray(first)) return placeOf(first);
  if (typeof first === "object" && first !== null) {
    const { path, host = "localhost", port } = first as { path?: unknown; host?: unknown; port?: unknown };
    return typeof path === "string" ? path : { host: String(host), port: Number(port) };
  }
  if (typeof first === "string" && !/^\d+$/.test(first)) return first;
  return { host: typeof second === "string" ? second : "localhost", port: Number(first) };
}

function isLocal(host: unknown): boolean {
  if (host === undefined || host === null || host === "localhost") return true;
  return typeof host === "string" && isIP(host) !== 0 && (host === "::1" || host.startsWith("127."));
}
