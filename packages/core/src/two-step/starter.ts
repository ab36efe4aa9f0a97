import type { Failure } from "./messages.js";

/** What a person needs to sign in. */
export interface Invitation {
  /** The address to open in a browser; `null` when the provider needs none. */
  readonly link: string | null;
  /** What to type there, or to compare with what the page shows; `null` when there is no code. */
  readonly code: string | null;
}

/** The first thing that the starting process hears. */
export type FirstWord = Invitation | { readonly failure: Failure };

/** The process that started this one, as long as it is there. */
export interface Starter {
  tell(word: FirstWord): void;
  /** Aborted when it has gone without having taken over the ticket: then nobody can ever complete the login. */
  readonly gone: AbortSignal;
}
