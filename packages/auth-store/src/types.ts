/** Something about the file that does not stop anyone, and that a person should know. */
export interface StoreWarning {
  readonly code:
    | "bom"
    | "details"
    | "duplicate-key"
    | "durability"
    | "group-writable-folder"
    | "hard-link"
    | "ignored-key"
    | "mode"
    | "world-writable-folder";
  /** One sentence. */
  readonly message: string;
  /** The command that mends it. */
  readonly next?: string;
}

interface StateBase {
  readonly warnings: readonly StoreWarning[];
}

/** What is in the credential file. */
export type CredentialState =
  /** There is no file. */
  | (StateBase & { readonly state: "missing"; readonly digest: "missing" })
  /** Zero bytes, or only white space: what mesheryctl leaves behind at logout. */
  | (StateBase & { readonly state: "logged-out"; readonly digest: string })
  /** Bytes that mesheryctl cannot read, or that no login has written. */
  | (StateBase & {
      readonly state: "damaged";
      readonly digest: string;
      /** A clause that completes "the file is damaged: …". */
      readonly reason: string;
      /** Secret. */
      readonly bytes: Uint8Array;
    })
  | (StateBase & {
      readonly state: "present";
      readonly digest: string;
      /** The member `meshery-provider`; `undefined` when it is missing. */
      readonly serverName: string | undefined;
      /** The member `token`; empty for a provider without accounts, `undefined` when it is missing. Secret. */
      readonly token: string | undefined;
      /** All members of the file, the two above included. */
      readonly members: ReadonlyMap<string, string>;
      /** The permission bits, such as `0o600`. */
      readonly mode: number;
    });

/** What is known about a credential besides the file; it is kept outside of the Meshery folder. */
export interface Details {
  /** The meshauth provider that made the credential. */
  readonly provider: { readonly id: string; readonly package: string; readonly version: string };
  /** Who it belongs to; `null` for a provider without accounts, or when nobody could say. */
  readonly account: { readonly id: string; readonly name?: string; readonly email?: string } | null;
  /** Whether a server or the provider confirmed the account. */
  readonly verified: boolean;
  /** RFC 3339. */
  readonly savedAt: string;
  /** RFC 3339. */
  readonly expiresAt?: string;
  /** The provider's base address. */
  readonly providerUrl?: string;
}

/** What {@link AuthStore.commit} is told to write. */
export type Commit =
  /** A credential; it replaces the whole file. */
  | { readonly members: ReadonlyMap<string, string>; readonly details?: Details }
  /** A logout: zero bytes, as mesheryctl writes. */
  | { readonly empty: true };

export interface CommitResult {
  /** `false` when nothing was to be written. */
  readonly changed: boolean;
  /** The real path of the credential file. */
  readonly file: string;
  /** What the file held under the lock, before the write. */
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
}
