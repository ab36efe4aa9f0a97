import type { Failure } from "./messages.js";

/** The first thing that the starting process hears. */
export type FirstWord =
  /** The link to open; `null` when the provider needs none. */
  { readonly link: string | null } | { readonly failure: Failure };

/** The process that started this one, as long as it is there. */
export interface Starter {
  tell(word: FirstWord): void;
  /** Aborted when it has gone without having taken over the ticket: then nobody can ever complete the login. */
  readonly gone: AbortSignal;
}
