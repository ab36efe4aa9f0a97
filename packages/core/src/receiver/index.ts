import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { callbackAddress, registeredAddress } from "./address.js";
import { Answers } from "./answers.js";
import { bindLoopback } from "./bind.js";
import { Connections } from "./connections.js";
import { Notices } from "./notices.js";
import { DEFAULT_DRAIN, DEFAULT_LIMITS, type LoopbackReceiver, type OpenReceiverOptions } from "./options.js";
import { Receiver } from "./receiver.js";
import { createReceiverServer } from "./server.js";

export { type RegisteredAddress, readRegistered } from "./address.js";
export { failureOf } from "./exchange.js";
export type { LoopbackReceiver, Notice, OpenReceiverOptions, ReceiverInternals } from "./options.js";

/** Where the port is that of the registered address. */
const REGISTERED_PORT = [
  "End that program. A server that allows any port takes the redirect address without one.",
];

const LOOPBACK = { v4: "127.0.0.1", v6: "::1" };

/**
 * Opens the receiver of a browser login: an HTTP server on both loopback families, which takes one answer
 * at one secret address and refuses everything else.
 *
 * @throws {@link MeshauthError} `MESHAUTH_E_PORT_IN_USE` when the port that was named is not free,
 *   `MESHAUTH_E_NO_LOOPBACK` when no port can be used safely.
 * @throws The signal's reason, when it is aborted already.
 */
export async function openReceiver<T>(options: OpenReceiverOptions<T>): Promise<LoopbackReceiver<T>> {
  const { internals = {}, registered, port = registered?.port ?? 0, signal } = options;
  signal.throwIfAborted();
  const limits = { ...DEFAULT_LIMITS, ...internals.limits };
  const connections = new Connections(limits);
  const notices = new Notices((notice) => options.onNotice(notice));
  const answers = new Answers();
  let receiver: Receiver<T> | undefined;
  const create = () =>
    createReceiverServer(limits, {
      connection: (socket) => (isLoopback(socket) ? connections.add(socket) : socket.destroy()),
      request(request, response) {
        connections.served(request.socket);
        // Before the receiver is ready nobody can know its address.
        if (receiver === undefined) request.socket.destroy();
        else receiver.handle(request, response);
      },
      tls: () => notices.tls(),
      malformed: (status) => answers.raw(status),
    });
  const bound = await bindLoopback(create, {
    choosePort: port === 0 ? (internals.choosePort ?? (() => 0)) : () => port,
    fixed: port !== 0,
    ...(options.port === undefined ? { next: REGISTERED_PORT } : {}),
    addresses: internals.addresses ?? LOOPBACK,
  });
  const nonce = (internals.nonce ?? randomNonce)();
  const address =
    registered === undefined
      ? callbackAddress(options.providerId, nonce, bound.port)
      : registeredAddress(registered, nonce, bound.port);
  const drain = { ...DEFAULT_DRAIN, ...internals.drain };
  receiver = new Receiver(options, { address, nonce, bound, connections, notices, answers, drain });
  signal.throwIfAborted();
  return receiver;
}

function randomNonce(): string {
  return randomBytes(32).toString("base64url");
}

/** A second line of defence: the sockets are bound to loopback addresses. */
function isLoopback({ remoteAddress = "" }: Socket): boolean {
  return remoteAddress === "::1" || /^(?:::ffff:)?127\./.test(remoteAddress);
}
