import type { Socket } from "node:net";
import { withResolvers } from "../with-resolvers.js";
import { receive, send } from "./channel.js";
import {
  type Answer,
  type Delay,
  FINISHING_MS,
  type Outcome,
  parseRequest,
  type Request,
  type Wait,
} from "./messages.js";
import { LONGEST_TICKET_MS, parseTicket } from "./ticket.js";

/** What a {@link Counter} hands out. */
export interface CounterOptions {
  readonly id: string;
  readonly outcome: Promise<Outcome>;
  /** When the answer of the browser, or a pasted one, was taken, as `performance.now()` has it. */
  answeredAt(): number | undefined;
  /** Takes a pasted text; an answer is the reason why it was not taken. */
  paste(text: string): string | undefined;
}

/**
 * Where the outcome of a login is handed out: to one process at a time, and never again once one of them is done
 * with it. A process that goes away before that has stored nothing that counts, and the next one gets it.
 */
export class Counter {
  /** Resolves when a process is done with the outcome. */
  readonly taken: Promise<void>;
  readonly #options: CounterOptions;
  readonly #settle: { resolve(): void };
  readonly #sockets = new Set<Socket>();
  /** Resolves to whether the process that has the outcome was done with it; after that the next one may have it. */
  #lent: Promise<boolean> | undefined;

  constructor(options: CounterOptions) {
    this.#options = options;
    const [taken, { resolve }] = withResolvers<void>();
    this.taken = taken;
    this.#settle = { resolve: () => resolve(undefined) };
  }

  /** Serves one connection. */
  serve(socket: Socket): void {
    this.#sockets.add(socket);
    const [done, { resolve }] = withResolvers<boolean>();
    let asked = false;
    receive(
      socket,
      (message) => {
        if (asked) return resolve("done" in message);
        asked = true;
        const request = parseRequest(message);
        if (request === undefined) socket.destroy();
        else void this.#answer(socket, request, done);
      },
      () => {
        this.#sockets.delete(socket);
        resolve(false);
      },
    );
  }

  /** Whoever still waits learns that there is nothing any more. */
  close(): void {
    for (const socket of this.#sockets) socket.end();
  }

  async #answer(socket: Socket, request: Request, done: Promise<boolean>): Promise<void> {
    const { id, paste, answeredAt } = this.#options;
    if (parseTicket(request.ticket)?.id !== id) return void socket.destroy();
    const { pasted } = request;
    const start = performance.now();
    const deadline = start + Math.min(request.wait, LONGEST_TICKET_MS);
    const refusal = pasted === undefined || answeredAt() !== undefined ? undefined : paste(pasted);
    if (refusal !== undefined) return this.#end(socket, { kind: "refused", reason: refusal });
    const outcome = await this.#outcome(socket, deadline);
    if (typeof outcome === "string") return this.#end(socket, { kind: "pending", delay: outcome });
    // Whoever has it is about to store it, which takes a moment, or to ask a person.
    const end = Math.max(deadline, start + FINISHING_MS);
    for (;;) {
      const lent = this.#lent;
      if (lent === undefined) {
        this.#lent = this.#lend(socket, outcome, done);
        return;
      }
      const settled = await this.#wait(socket, lent, "turn", end);
      if (settled === undefined) return this.#end(socket, { kind: "pending", delay: "turn" });
      if (settled) return this.#end(socket, { kind: "used" });
    }
  }

  /** The outcome, or what it was missing when the time was up. */
  async #outcome(socket: Socket, deadline: number): Promise<Outcome | Delay> {
    const { outcome, answeredAt } = this.#options;
    for (;;) {
      const before = answeredAt();
      const delay = before === undefined ? "sign-in" : "provider";
      const end = before === undefined ? deadline : Math.max(deadline, before + FINISHING_MS);
      const decided = await this.#wait(socket, outcome, delay, end);
      if (decided !== undefined) return decided;
      // Whoever came back in the last moment has the provider's time, too.
      if (before !== undefined || answeredAt() === undefined) return delay;
    }
  }

  /** Waits until `end`, and tells whoever asked of it. `undefined` when the time is up. */
  async #wait<T>(socket: Socket, promise: Promise<T>, delay: Delay, end: number): Promise<T | undefined> {
    const settled = await within(promise, 0);
    const limit = end - performance.now();
    if (settled !== undefined || limit <= 0) return settled;
    await send(socket, { kind: "wait", delay, limit } satisfies Wait);
    return await within(promise, end - performance.now());
  }

  /** Resolves once it is given back, or used. */
  async #lend(socket: Socket, outcome: Outcome, done: Promise<boolean>): Promise<boolean> {
    await send(socket, outcome);
    const used = await done;
    if (used) this.#settle.resolve();
    else this.#lent = undefined;
    return used;
  }

  async #end(socket: Socket, answer: Answer): Promise<void> {
    await send(socket, answer);
    socket.end();
  }
}

/** The promise's value, or `undefined` when it takes longer. One that is settled already always counts. */
async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), Math.max(0, milliseconds));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
