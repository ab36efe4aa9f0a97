import type { StoreError } from "./error.js";
import type { CredentialState, Details, Previous, StoreWarning } from "./types.js";

/** What {@link AuthStore.commit} is told to do. */
export type Commit =
  /** A login or an import; it replaces the whole file. */
  | {
      readonly members: ReadonlyMap<string, string>;
      readonly details?: Details;
      /** Whether what it replaces can be brought back for 24 hours. */
      readonly keepPrevious?: boolean;
    }
  /**
   * The same login with a new token: all members that the file is to have. It is not lost when the process is killed
   * after they were written down, even if that was before they were put in place.
   */
  | { readonly renewed: ReadonlyMap<string, string>; readonly details?: Details }
  /** A logout: zero bytes, as mesheryctl writes. All that is kept besides is removed. */
  | { readonly empty: true }
  /** Brings back what the last login replaced: {@link Turn.previous}, which must be there. */
  | { readonly restore: true }
  /** The file stays as it is. Records that the provider has refused to renew it. */
  | { readonly refused: true };

/** What a decision can look at besides the file, and do before it. */
export interface Turn {
  /** What is known about the credential that is in the file now. */
  readonly details: Details | undefined;
  /** What the last login replaced, if it can still be brought back. */
  readonly previous: Previous | undefined;
  /** Whether the provider has refused to renew exactly these bytes before. */
  readonly refused: boolean;
  /**
   * Why it cannot be told whether there are details: the disk failed. Whoever would send the token somewhere by
   * them stops here.
   */
  readonly detailsFailure: StoreError | undefined;
  /**
   * Proves that the file can be replaced now, before something is asked for that must not be lost.
   *
   * @throws {@link StoreError}
   */
  prove(): Promise<void>;
}

/** Decides in view of what the file holds under the lock; `undefined` leaves everything as it is. */
export type Decide = (
  current: CredentialState,
  turn: Turn,
) => Commit | undefined | Promise<Commit | undefined>;

export interface CommitResult {
  /** `false` when the file was not written: nothing was to be, or the wait for the lock ended by `unless`. */
  readonly changed: boolean;
  /** The real path of the credential file. */
  readonly file: string;
  /** What the file held before the write. */
  readonly previous: CredentialState;
  /** The digest of the file as it is now. */
  readonly digest: string;
  /** Where the bytes of a damaged file were kept. */
  readonly damagedCopy?: string;
  /** `false` when the new file is in place and the disk did not confirm that it would survive a crash. */
  readonly durable: boolean;
  readonly warnings: readonly StoreWarning[];
}

/** How {@link AuthStore.commit} waits. */
export interface CommitOptions {
  /** Ends the wait for the lock, and the write up to the moment at which the new file is in place. */
  readonly signal?: AbortSignal;
  /** The longest wait for the lock in milliseconds. Default 30,000. */
  readonly wait?: number;
  /** Looked at while another process holds the lock: `true` ends the wait, and nothing is decided or written. */
  readonly unless?: (current: CredentialState) => boolean;
  /** Called when another process is found to hold the lock, once for each holder. */
  readonly onWait?: (locked: StoreError) => void;
}
