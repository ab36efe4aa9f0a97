import type { IncomingMessage, ServerResponse } from "node:http";
import type { Decision } from "@meshauth/provider-api";
import { withResolvers } from "../with-resolvers.js";
import type { CallbackAddress } from "./address.js";
import { type Answer, type Answers, RESULT_PATH } from "./answers.js";
import { type Bound, closeServer } from "./bind.js";
import type { Connections } from "./connections.js";
import { Drain } from "./drain.js";
import { Exchange } from "./exchange.js";
import type { Notices } from "./notices.js";
import type { DrainTimes, LoopbackReceiver, OpenReceiverOptions } from "./options.js";
import { readPasted } from "./paste.js";
import { queryValues, readQuery } from "./query.js";
import { screenRequest } from "./request.js";

/** What {@link Receiver} is put together from. */
interface ReceiverParts {
  readonly address: CallbackAddress;
  readonly nonce: string;
  readonly bound: Bound;
  readonly connections: Connections;
  readonly notices: Notices;
  readonly answers: Answers;
  readonly drain: DrainTimes;
}

/** A bound receiver: brings requests, pastes, the signal and the clock to the one decision. */
export class Receiver<T> implements LoopbackReceiver<T> {
  readonly redirectUri: string;
  readonly state: string;
  readonly port: number;
  readonly outcome: Promise<T>;
  readonly #options: OpenReceiverOptions<T>;
  readonly #parts: ReceiverParts;
  readonly #exchange: Exchange<T>;
  readonly #drain: Drain;
  readonly #closed = withResolvers<void>();
  #ended = false;

  constructor(options: OpenReceiverOptions<T>, parts: ReceiverParts) {
    this.#options = options;
    this.#parts = parts;
    this.#exchange = new Exchange((parameters) => options.accept(parameters));
    this.#drain = new Drain(parts.drain, () => this.#end());
    this.redirectUri = parts.address.redirectUri;
    this.state = parts.nonce;
    this.port = parts.bound.port;
    this.outcome = this.#exchange.outcome;
    options.signal.addEventListener("abort", this.#abort);
    if (options.signal.aborted) this.#abort();
  }

  /** Answers one request. Whatever it is, the server lives on. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    let answer: Answer;
    try {
      answer = this.#answer(request, response);
    } catch {
      answer = { status: 500 };
    }
    this.#parts.answers.send(response, answer);
  }

  paste(text: string): Decision<T> | undefined {
    const pasted = readPasted(text, this.#parts.address);
    if (pasted === undefined) return undefined;
    if (pasted.kind === "other") return { kind: "refuse", reason: pasted.reason };
    this.#keepSecret(pasted.query);
    const query = readQuery(pasted.query, this.#options.parameters);
    if (!query.ok) return { kind: "refuse", reason: query.reason };
    const taken = this.#exchange.take(query.parameters);
    if (taken.kind === "refused") return { kind: "refuse", reason: taken.reason };
    if (taken.kind === "conflict") return { kind: "refuse", reason: "Another answer was taken before." };
    this.#drain.begin();
    return taken.decision;
  }

  async close({ immediate = false }: { readonly immediate?: boolean } = {}): Promise<void> {
    if (immediate) this.#end();
    else if (!this.#ended) this.#drain.finish();
    await this.#closed[0];
  }

  #answer(request: IncomingMessage, response: ServerResponse): Answer {
    const screened = screenRequest(request, this.#parts.address, (query) => this.#keepSecret(query));
    switch (screened.kind) {
      case "answer":
        return screened.answer;
      case "result":
        return this.#resultPage(response, screened.seen);
      case "callback":
        return this.#callback(screened.query);
    }
  }

  #callback(rawQuery: string): Answer {
    const query = readQuery(rawQuery, this.#options.parameters);
    if (!query.ok) return this.#refuse(query.reason);
    const taken = this.#exchange.take(query.parameters);
    switch (taken.kind) {
      case "final":
        this.#drain.begin();
        this.#drain.redirected();
        return { status: 303, location: RESULT_PATH };
      case "refused":
        return this.#refuse(taken.reason);
      case "conflict":
        this.#parts.notices.secondToken();
        return { status: 409, page: "unused" };
    }
  }

  #refuse(reason: string): Answer {
    if (this.#exchange.result === undefined) this.#parts.notices.refused(reason);
    return { status: 400, page: "unused" };
  }

  #resultPage(response: ServerResponse, seen: boolean): Answer {
    const { result } = this.#exchange;
    if (result === undefined) return { status: 404, page: "unused" };
    if (seen) response.once("close", () => response.writableFinished && this.#drain.delivered());
    return { status: 200, page: result === "accept" ? "received" : "failed" };
  }

  #keepSecret(rawQuery: string): void {
    const { parameters, registered, onSecret } = this.#options;
    // A server that has the address registered says more than it was asked, such as the domain of the account, which
    // would be cut out of all output. What does not count goes nowhere.
    const names = registered === undefined ? undefined : parameters;
    for (const value of queryValues(rawQuery, names)) onSecret(value);
  }

  readonly #abort = (): void => {
    this.#exchange.cancel(this.#options.signal.reason);
    this.#end();
  };

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#drain.stop();
    this.#options.signal.removeEventListener("abort", this.#abort);
    this.#exchange.cancel(new DOMException("The receiver was closed.", "AbortError"));
    this.#parts.connections.destroyAll();
    const [, { resolve }] = this.#closed;
    void Promise.all(this.#parts.bound.servers.map(closeServer)).then(() => resolve());
  }
}
