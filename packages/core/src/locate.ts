import type { Glance } from "@meshauth/auth-store";
import { type MeshContext, type Meshconfig, resolveMeshconfig } from "./meshconfig/index.js";
import type { Runtime, TargetFlags } from "./runtime.js";
import { printable } from "./text.js";

/** A credential file, for whoever reads it. */
export interface CredentialFile {
  /** Its path as it was given. */
  readonly file: string;
  /** What is in it and known about it. Touches nothing. @throws StoreError */
  look(): Promise<Glance>;
}

/** What a command works on: the config, the context in force, and the credential file. */
export interface Located<Store extends CredentialFile> {
  readonly config: Meshconfig;
  /** Absent when there is no config file, or it names no current context. */
  readonly context: MeshContext | undefined;
  readonly store: Store;
}

/** What a target is found by, besides flags. */
export type Whereabouts = Pick<Runtime, "env" | "home" | "cwd" | "platform">;

/**
 * Finds the target by flags, environment and `config.yaml`, in that order. Reads only.
 *
 * @param open - Makes what reads, or reads and writes, a credential file.
 * @throws MeshauthError when the config, the context or the server's address cannot be used.
 */
export async function locate<Store extends CredentialFile>(
  { env, home, cwd, platform }: Whereabouts,
  flags: TargetFlags,
  open: (file: string) => Store,
): Promise<Located<Store>> {
  return located(await resolveMeshconfig({ env, home, cwd, platform, flags }), open);
}

/** The target that a config names. */
export function located<Store extends CredentialFile>(
  config: Meshconfig,
  open: (file: string) => Store,
): Located<Store> {
  const context = config.contexts.find(({ name }) => name === config.currentContext);
  return { config, context, store: open(config.credentialFile) };
}

/** What a person should know of a location that mesheryctl resolves in two ways. */
export function disagreement(context: MeshContext | undefined): string[] {
  if (!context?.location.disagrees) return [];
  const { raw, readerFile, writerFile } = context.location;
  return [`For the location ${printable(raw)} mesheryctl reads ${readerFile} but writes ${writerFile}.`];
}
