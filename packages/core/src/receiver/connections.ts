import type { Socket } from "node:net";
import type { ReceiverLimits } from "./options.js";

/**
 * Bounds the open connections without ever refusing the newest: it could be the browser's. When there are
 * too many, the oldest go that have sent no request yet, those within their grace time last.
 */
export class Connections {
  readonly #limits: ReceiverLimits;
  readonly #open = new Set<Socket>();
  /** Those without a request, oldest first, each with the timer of its grace time. */
  readonly #waiting = new Map<Socket, NodeJS.Timeout>();
  /** Those of them that are past their grace time. */
  readonly #slow = new Set<Socket>();

  constructor(limits: ReceiverLimits) {
    this.#limits = limits;
  }

  add(socket: Socket): void {
    this.#open.add(socket);
    const timer = setTimeout(() => {
      this.#slow.add(socket);
      this.#trim();
    }, this.#limits.grace);
    this.#waiting.set(socket, timer);
    socket.once("close", () => this.#forget(socket));
    this.#trim();
  }

  /** The connection has sent its request: it stays until it is answered. */
  served(socket: Socket): void {
    clearTimeout(this.#waiting.get(socket));
    this.#waiting.delete(socket);
    this.#slow.delete(socket);
  }

  destroyAll(): void {
    for (const socket of this.#open) this.#destroy(socket);
  }

  #trim(): void {
    for (const socket of this.#slow) {
      if (this.#open.size <= this.#limits.connections) return;
      this.#destroy(socket);
    }
    for (const socket of this.#waiting.keys()) {
      if (this.#open.size <= this.#limits.burst) return;
      this.#destroy(socket);
    }
  }

  #destroy(socket: Socket): void {
    this.#forget(socket);
    socket.destroy();
  }

  #forget(socket: Socket): void {
    this.served(socket);
    this.#open.delete(socket);
  }
}
