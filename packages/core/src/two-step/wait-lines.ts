import type { Runtime } from "../runtime.js";
import { minutes } from "../text.js";
import type { Delay } from "./messages.js";
import type { OnWait } from "./take.js";

/** What is mostly over in a moment is told when it is not. */
const MOMENT_MS = 2_000;

const SUBJECTS: Readonly<Record<Delay, string>> = {
  "sign-in": "for the sign-in",
  provider: "for the provider to finish",
  turn: "for another command that completes this login",
};

/** Tells what a completion waits for, and for how long at most: a line for each, once. */
export class WaitLines {
  readonly #runtime: Pick<Runtime, "terminal" | "now">;
  readonly #expiresAt: Date;
  readonly #told = new Set<Delay>();
  #timer: NodeJS.Timeout | undefined;

  /** @param expiresAt - The end of the ticket, beyond which nothing is waited for. */
  constructor(runtime: Pick<Runtime, "terminal" | "now">, expiresAt: Date) {
    this.#runtime = runtime;
    this.#expiresAt = expiresAt;
  }

  readonly onWait: OnWait = (delay, limit) => {
    this.stop();
    const end = performance.now() + limit;
    if (delay === "sign-in") this.#tell(delay, end);
    else this.#timer = setTimeout(() => this.#tell(delay, end), MOMENT_MS);
  };

  /** The wait is over. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #tell(delay: Delay, end: number): void {
    const { terminal, now } = this.#runtime;
    const left = Math.min(end - performance.now(), this.#expiresAt.getTime() - now().getTime());
    if (left <= 0 || this.#told.has(delay)) return;
    this.#told.add(delay);
    terminal.notify({ kind: "plain", message: `Waiting ${SUBJECTS[delay]}: ${minutes(left)} left.` });
  }
}
