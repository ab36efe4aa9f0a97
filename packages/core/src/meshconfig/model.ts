/** Something in the file that is not as it should be. `message` completes "line N: …". */
export interface Fault {
  readonly line: number | undefined;
  readonly message: string;
}

/** What `config.yaml` says, read leniently; what could not be read is among the faults. */
export interface ConfigModel {
  readonly currentContext: { readonly name: string; readonly line: number | undefined } | undefined;
  readonly contexts: readonly ContextEntry[];
  readonly tokens: readonly TokenEntry[];
  /** Why nothing in the file can be relied on. */
  readonly fatal: Fault | undefined;
  /** What can be worked around. */
  readonly faults: readonly Fault[];
}

export interface ContextEntry {
  readonly name: string;
  readonly line: number | undefined;
  readonly endpoint: string | undefined;
  readonly tokenName: string;
  readonly provider: string | undefined;
  readonly platform: string | undefined;
  /** The location inside the context, as files of early 2021 have it. */
  readonly ownLocation: string | undefined;
  /** What keeps the context's server, or its credential file, from being known. */
  readonly endpointFault: Fault | undefined;
  readonly tokenFault: Fault | undefined;
}

export interface TokenEntry {
  readonly name: string;
  readonly location: string | undefined;
  readonly line: number | undefined;
}

export const EMPTY_MODEL: ConfigModel = {
  currentContext: undefined,
  contexts: [],
  tokens: [],
  fatal: undefined,
  faults: [],
};
