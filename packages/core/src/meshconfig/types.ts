import type { ErrorCode } from "../errors/table.js";

/** What the resolution of a meshconfig depends on. */
export interface MeshconfigInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home directory as the environment gives it. */
  readonly home: string | undefined;
  /** What relative paths in flags and variables start from. */
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  readonly flags: { readonly config?: string; readonly context?: string; readonly server?: string };
}

/** Which Meshery folder, config file, context and server are meant. */
export interface Meshconfig {
  /** The Meshery folder: `MESHERY_HOME`, or `.meshery` in the home directory. It need not exist. */
  readonly folder: string;
  /** The config file: `--config`, `MESHERY_CONFIG_PATH`, or `config.yaml` in the folder. */
  readonly file: string;
  /** Whether the file is there and not empty: mesheryctl treats an empty one like none. */
  readonly exists: boolean;
  /** Whether the file is there and says nothing: it has no bytes, or nothing but comments. */
  readonly empty: boolean;
  /** Whether the file is a config at all, or missing. What one says that is not, is not relied on. */
  readonly readable: boolean;
  /** The name of the context in force, spelled as in the file. */
  readonly currentContext: string | undefined;
  /** All contexts, in the order of the file. */
  readonly contexts: readonly MeshContext[];
  /** The entries of `tokens`, in the order of the file. */
  readonly tokens: readonly MeshToken[];
  /** The credential file of the context in force; without one `auth.json` in the folder. */
  readonly credentialFile: string;
  /** The Meshery Server's address, without a trailing slash; a path prefix is kept. */
  readonly server: string;
  /** Where {@link Meshconfig.server} comes from. */
  readonly serverSource: "flag" | "environment" | "context" | "default";
  /** What is wrong with the file, the worst first. What the locations tell is not repeated here. */
  readonly problems: readonly MeshconfigProblem[];
}

/** A context of `config.yaml`. */
export interface MeshContext {
  readonly name: string;
  /** The Meshery Server's address as in {@link Meshconfig.server}, or as the file has it when it is not valid. */
  readonly endpoint: string;
  /** The name of the token entry; empty when the context names none, and mesheryctl looks for an entry with an empty name. */
  readonly tokenName: string;
  /** What a deployed server is told to enforce; no part of the login. */
  readonly provider?: string;
  readonly platform?: string;
  /** The file that mesheryctl reads for this context: what has to be written so that mesheryctl is signed in. */
  readonly credentialFile: string;
  readonly location: TokenLocation;
}

/** An entry of `tokens`. */
export interface MeshToken {
  readonly name: string;
  /** As in the file; `undefined` when there is none that is a usable text. */
  readonly location: Omit<TokenLocation, "missingEntry"> | undefined;
  /** The file that mesheryctl reads for it. */
  readonly credentialFile: string | undefined;
}

/** Where a token entry puts the credential file. */
export interface TokenLocation {
  /** As in the file, or what is going to be written there when the entry is missing. */
  readonly raw: string;
  /** What mesheryctl's commands read. */
  readonly readerFile: string;
  /** What mesheryctl's login and logout write, since 2022. */
  readonly writerFile: string;
  /** Whether these are different files: a login by mesheryctl then has no effect. */
  readonly disagrees: boolean;
  /** Whether `tokens` has no entry of the name. */
  readonly missingEntry: boolean;
}

export interface MeshconfigProblem {
  readonly about: "file" | "context" | "server";
  /** The error with which a command ends because of it. Absent: the config can be used all the same. */
  readonly fatal?: ErrorCode;
  /** One sentence, with the line where there is one. */
  readonly message: string;
  /** What mends it. */
  readonly next: string;
  /** The line in the file, from 1. */
  readonly line?: number;
}
