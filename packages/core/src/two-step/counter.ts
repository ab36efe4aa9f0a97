import type { Socket } from "node:net";
import { withResolvers } from "../receiver/exchange.js";
import { receive, send } from "./channel.js";
import { type Answer, type Outcome, parseRequest, type Request } from "./messages.js";
import { parseTicket } from "./ticket.js";

/** How long the provider may need from the answer of the browser to its own. */
const FINISHING_MS = 30_000;
/** No ticket is good for longer than a day; timers go wrong beyond 24 of them. */
const LONGEST_WAIT_MS = 25 * 3_600_000;

/** What a {@link Counter} hands out. */
export interface CounterOptions {
  readonly id: string;
  readonly outcome: Promise<Outcome>;
  /** Whether an answer has come and the provider is about to finish. */
  finishing(): boolean;
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
  /** Resolves to whether the process that has the outcome was done with it. */
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
    const { id, paste, finishing } = this.#options;
    if (parseTicket(request.ticket)?.id !== id) return void socket.destroy();
    const { pasted } = request;
    const wait = Math.min(request.wait, LONGEST_WAIT_MS);
    const refusal = pasted === undefined || finishing() ? undefined : paste(pasted);
    if (refusal !== undefined) return this.#end(socket, { kind: "refused", reason: refusal });
    const answered = pasted !== undefined || finishing();
    const deadline = performance.now() + (answered ? Math.max(wait, FINISHING_MS) : wait);
    for (;;) {
      const outcome = await within(this.#options.outcome, deadline - performance.now());
      if (outcome === undefined) return this.#end(socket, { kind: "pending" });
      if (this.#lent === undefined) return this.#lend(socket, outcome, done);
      // Whoever has it is about to store it, which takes a moment, or to ask a person.
      const settled = await within(this.#lent, Math.max(deadline - performance.now(), FINISHING_MS));
      if (settled !== false) return this.#end(socket, { kind: settled === true ? "used" : "pending" });
    }
  }

  async #lend(socket: Socket, outcome: Outcome, done: Promise<boolean>): Promise<void> {
    this.#lent = done;
    await send(socket, outcome);
    if (await done) this.#settle.resolve();
    else this.#lent = undefined;
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
