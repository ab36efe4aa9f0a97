import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Decision, type ListenOptions, ProviderError } from "@meshauth/provider-api";

export interface FakeReceiver<T> {
  readonly redirectUri: string;
  readonly state: string;
  readonly outcome: Promise<T>;
  /** @returns why the text was refused. */
  paste(text: string): string | undefined;
  close(): Promise<void>;
}

/** A listener on loopback that takes a callback as the contract says, without any of the real one's defences. */
export async function openFakeReceiver<T>(options: ListenOptions<T>): Promise<FakeReceiver<T>> {
  const state = randomBytes(32).toString("base64url");
  const registered = options.redirectUri === undefined ? undefined : new URL(options.redirectUri);
  const path = registered?.pathname ?? `/cb/test/${state}`;
  const { promise: outcome, take } = decisions<T>();
  const server = createServer((request, response) => {
    response.setHeader("Connection", "close");
    const [target = "", query = ""] = (request.url ?? "").split("?");
    const known = registered === undefined || new URLSearchParams(query).get("state") === state;
    const parameters = target === path && known ? readQuery(query, options.parameters) : undefined;
    const refused = parameters === undefined ? "not a callback" : take(options.accept(parameters));
    response.writeHead(refused === undefined ? 303 : 400, refused === undefined ? { Location: "/done" } : {});
    response.end(refused ?? "");
  });
  const { hostname = "127.0.0.1", port = "" } = registered ?? {};
  await new Promise<void>((resolve) => server.listen(Number(port), hostname, resolve));
  return {
    redirectUri: `http://${hostname}:${(server.address() as AddressInfo).port}${path}`,
    state,
    outcome,
    paste: (text) => take(options.acceptPasted?.(text.trim()) ?? { kind: "refuse", reason: "no paste" }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function decisions<T>(): { promise: Promise<T>; take(decision: Decision<T>): string | undefined } {
  let settle: { resolve(value: T): void; reject(error: unknown): void } | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => {});
  return {
    promise,
    take(decision) {
      if (decision.kind === "refuse") return decision.reason;
      if (decision.kind === "accept") settle?.resolve(decision.value);
      else
        settle?.reject(
          decision.error ?? new ProviderError("denied", "Refused.", { reason: decision.reason }),
        );
      return undefined;
    },
  };
}

function readQuery(query: string, names: readonly string[]): ReadonlyMap<string, string> | undefined {
  const parameters = new Map<string, string>();
  for (const part of query.split("&")) {
    const [name = "", value = ""] = part.split(/=(.*)/s);
    if (!names.includes(name)) continue;
    if (parameters.has(name)) return undefined;
    parameters.set(name, decodeURIComponent(value));
  }
  return parameters;
}
