/** Something about the file that does not stop anyone, and that a person should know. */
export interface StoreWarning {
  readonly code:
    | "bom"
    | "data-folder"
    | "details"
    | "duplicate-key"
    | "durability"
    | "group-writable-folder"
    | "hard-link"
    | "ignored-key"
    | "lock"
    | "mode"
    | "previous"
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
  /** What the provider's later calls need to know besides. No secrets. */
  readonly settings?: Readonly<Record<string, string>>;
  /** By how many milliseconds the provider's clock was ahead of this machine's when the credential was stored. */
  readonly clockSkew?: number;
  /** The command that signs in again in the same way; absent: `meshauth login`. */
  readonly again?: string;
}

/** What the last login replaced. */
export interface Previous {
  /** When it was replaced: RFC 3339. */
  readonly keptAt: string;
  /** What the file held. Its state is `present`. */
  readonly state: CredentialState;
  readonly details: Details | undefined;
}

/** The credential file with all that is kept about it, of one moment. */
export interface Look {
  readonly state: CredentialState;
  /** `undefined` when nothing is known, or when another tool has written the file since. */
  readonly details: Details | undefined;
  /** Whether the provider has refused to renew exactly these bytes. */
  readonly refused: boolean;
  /** What the last login replaced, for as long as it can be brought back: 24 hours. */
  readonly previous: Previous | undefined;
}
