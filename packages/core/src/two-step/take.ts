import type { Socket } from "node:net";
import { MeshauthError } from "../errors/error.js";
import type { Approved } from "../login/login.js";
import type { Runtime } from "../runtime.js";
import { connectTo, receive, send } from "./channel.js";
import { type Answer, DONE, type Failure, parseAnswer, type Request } from "./messages.js";
import { pendingFolder } from "./pending.js";

/** How much longer than the wait an answer may take: the provider's last questions, or another command's turn. */
const ANSWER_MS = 75_000;
/** How long the keeping process may take to go away once it is told to. */
const FAREWELL_MS = 3_000;

/** Something that the keeping process gives back to whoever asks next, unless it was put to use. */
export interface Lent<T> {
  readonly value: T;
  /** It was put to use: the login is over. Returns when nothing is left of it. */
  done(): Promise<void>;
  /** Gives it back. Does nothing after {@link done}. */
  release(): void;
}

/** What became of the question for the outcome. */
export type Taken =
  | { readonly kind: "approved"; readonly lent: Lent<Approved> }
  | { readonly kind: "failed"; readonly failure: Failure; done(): Promise<void> }
  | Exclude<Answer, { kind: "approved" | "failed" }>;

/**
 * Asks the process that keeps a login for its outcome.
 *
 * @returns `undefined` when there is no such process any more, or what it says makes no sense.
 * @throws MeshauthError `MESHAUTH_E_TIMEOUT` when it is there and does not answer; the signal's reason.
 */
export async function takeOutcome(
  runtime: Runtime,
  id: string,
  request: Request,
): Promise<Taken | undefined> {
  const { platform, signal } = runtime;
  signal.throwIfAborted();
  const socket = await connectTo({ folder: pendingFolder(runtime, id), id, platform });
  return socket && (await askOver(socket, signal, request));
}

async function askOver(socket: Socket, signal: AbortSignal, request: Request): Promise<Taken | undefined> {
  let closed = (): void => undefined;
  const end = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const answer = await new Promise<Answer | undefined>((resolve, reject) => {
    const fail = (error: unknown): void => {
      socket.destroy();
      reject(error);
    };
    const stop = (): void => fail(signal.reason);
    const timer = setTimeout(() => fail(silent()), request.wait + ANSWER_MS);
    signal.addEventListener("abort", stop, { once: true });
    // It may have come while the connection was made.
    if (signal.aborted) stop();
    receive(
      socket,
      (message) => settle(parseAnswer(message)),
      () => {
        settle(undefined);
        closed();
      },
    );
    function settle(value: Answer | undefined): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      resolve(value);
    }
    void send(socket, request);
  });
  async function done(): Promise<void> {
    await send(socket, DONE);
    const timer = setTimeout(closed, FAREWELL_MS);
    await end;
    clearTimeout(timer);
    socket.destroy();
  }
  if (answer?.kind === "approved") {
    return { kind: "approved", lent: { value: answer.approved, done, release: () => void socket.destroy() } };
  }
  if (answer?.kind === "failed") return { ...answer, done };
  socket.destroy();
  return answer;
}

function silent(): MeshauthError {
  return new MeshauthError("MESHAUTH_E_TIMEOUT", {
    message: "The process that waits for the sign-in does not answer.",
    why: "It is stopped, or the machine has too much to do.",
    next: ["Try again, or start again with --start."],
  });
}
