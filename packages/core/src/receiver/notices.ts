import { printable } from "../text.js";
import type { Notice } from "./options.js";

// Whoever knows the address could otherwise flood the terminal.
const MOST_REFUSALS = 20;

const SECOND =
  "A second, different answer came to the secret address of this login and was not used. If that was not " +
  "you, somebody else has seen the address: check which account is signed in.";
const TLS =
  "The browser asked for https where http was due; another site probably told it to always use https for " +
  "localhost. Copy the whole address from its address bar and paste it here, or use another browser.";

/** Tells the person what happened, each thing as often as it helps. */
export class Notices {
  readonly #notify: (notice: Notice) => void;
  readonly #told = new Set<Notice["kind"]>();
  #refusals = 0;

  constructor(notify: (notice: Notice) => void) {
    this.#notify = notify;
  }

  secondToken(): void {
    this.#once("second-token", SECOND);
  }

  tls(): void {
    this.#once("tls", TLS);
  }

  refused(reason: string): void {
    this.#refusals += 1;
    if (this.#refusals <= MOST_REFUSALS) this.#notify({ kind: "refused", message: printable(reason, 500) });
  }

  #once(kind: Notice["kind"], message: string): void {
    if (this.#told.has(kind)) return;
    this.#told.add(kind);
    this.#notify({ kind, message });
  }
}
