import type { DrainTimes } from "./options.js";

/**
 * When the receiver ends after the login was decided: as soon as the browser has its result page, and
 * otherwise after a while.
 */
export class Drain {
  readonly #times: DrainTimes;
  readonly #end: () => void;
  readonly #timers: NodeJS.Timeout[] = [];
  #pageDue = false;

  constructor(times: DrainTimes, end: () => void) {
    this.#times = times;
    this.#end = end;
  }

  /** The login is decided. */
  begin(): void {
    if (this.#timers.length === 0) this.#after(this.#times.decided);
  }

  /** A browser was sent to the result page. */
  redirected(): void {
    this.#pageDue = true;
  }

  /** A browser has the result page. */
  delivered(): void {
    this.#end();
  }

  /** Nobody needs the receiver any more, except a browser on its way to the result page. */
  finish(): void {
    if (this.#pageDue) this.#after(this.#times.closing);
    else this.#end();
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #after(milliseconds: number): void {
    this.#timers.push(setTimeout(this.#end, milliseconds));
  }
}
