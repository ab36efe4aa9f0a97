import type { Socket } from "node:net";
import type { Approved } from "../login/login.js";
import type { Runtime } from "../runtime.js";
import { withResolvers } from "../with-resolvers.js";
import { connectTo, receive, send } from "./channel.js";
import {
  type Answer,
  type Delay,
  DONE,
  type Failure,
  FINISHING_MS,
  parseAnswer,
  parseWait,
  type Request,
} from "./messages.js";
import { pendingFolder } from "./pending.js";

/** How much later than it should a message may come before the keeping process counts as stopped. */
const ANSWER_MS = 4_000;
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
  | Exclude<Answer, { kind: "approved" | "failed" }>
  /** The process is there, and said nothing in time. */
  | { readonly kind: "silent" };

/** Hears what is waited for, and for how many milliseconds at most. */
export type OnWait = (delay: Delay, limit: number) => void;

/**
 * Asks the process that keeps a login for its outcome. It takes no longer than the request says, and
 * {@link FINISHING_MS} more where an answer has come; a process that is stopped is given up a few seconds later.
 *
 * @returns `undefined` when there is no such process any more, or what it says makes no sense.
 * @throws The signal's reason.
 */
export async function takeOutcome(
  runtime: Pick<Runtime, "dataDir" | "platform" | "signal">,
  id: string,
  request: Request,
  onWait: OnWait = () => undefined,
): Promise<Taken | undefined> {
  const { platform, signal } = runtime;
  signal.throwIfAborted();
  const socket = await connectTo({ folder: pendingFolder(runtime, id), id, platform });
  return socket && (await askOver(socket, signal, request, onWait));
}

async function askOver(
  socket: Socket,
  signal: AbortSignal,
  request: Request,
  onWait: OnWait,
): Promise<Taken | undefined> {
  const [end, { resolve: closed }] = withResolvers<void>();
  const answer = await answerOver(socket, signal, request, { onWait, onEnd: () => closed(undefined) });
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

async function answerOver(
  socket: Socket,
  signal: AbortSignal,
  request: Request,
  { onWait, onEnd }: { readonly onWait: OnWait; onEnd(): void },
): Promise<Answer | { readonly kind: "silent" } | undefined> {
  const latest = performance.now() + request.wait + FINISHING_MS;
  const [answer, { resolve, reject }] = withResolvers<Awaited<ReturnType<typeof answerOver>>>();
  let timer: NodeJS.Timeout | undefined;
  let answered = false;
  const patience = (limit: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => resolve({ kind: "silent" }), limit + ANSWER_MS);
  };
  const stop = (): void => {
    socket.destroy();
    reject(signal.reason);
  };
  signal.addEventListener("abort", stop, { once: true });
  patience(request.wait);
  // It may have come while the connection was made.
  if (signal.aborted) stop();
  receive(
    socket,
    (message) => {
      if (answered) return;
      const wait = parseWait(message);
      if (wait === undefined) return resolve(parseAnswer(message));
      const limit = Math.min(wait.limit, latest - performance.now());
      patience(limit);
      onWait(wait.delay, limit);
    },
    () => {
      resolve(undefined);
      onEnd();
    },
  );
  void send(socket, request);
  try {
    return await answer;
  } finally {
    answered = true;
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
