import { AuthReader } from "@meshauth/auth-store";
import { type FreshCredential, type Freshness, freshAsItIs } from "./credential/fresh-as-it-is.js";
import { environmentCredential, environmentHeld, fileHeld } from "./credential/held.js";
import { type CredentialFile, locate, type Whereabouts } from "./locate.js";
import type { Runtime, TargetFlags } from "./runtime.js";
import { type StatusResult, statusOf } from "./status/offline.js";

/** The part of a {@link Runtime} with which a question can be answered at once or not at all. */
export interface AtOnce extends Whereabouts, Pick<Runtime, "dataDir" | "registry" | "secrets" | "now"> {}

/**
 * The credential that `freshCredential` would give, where it can be used as it is. Reads only, and neither waits nor
 * asks anybody.
 *
 * @returns `undefined` when something has to be done first.
 * @throws whatever keeps it from being found; what is to be told of that, the full use case tells.
 */
export async function freshAtOnce(
  runtime: AtOnce,
  flags: TargetFlags,
  freshness: Freshness,
): Promise<FreshCredential<CredentialFile> | undefined> {
  const target = await locate(runtime, flags, opener(runtime));
  const given = environmentCredential(runtime);
  const held = given
    ? environmentHeld(target, given, runtime)
    : fileHeld(target, await target.store.look(), runtime);
  return freshAsItIs(held, runtime.now(), freshness);
}

/** What `status` would give, offline. @throws as {@link freshAtOnce} does, and where something has to be read again. */
export async function statusAtOnce(runtime: AtOnce, flags: TargetFlags): Promise<StatusResult> {
  const open = opener(runtime);
  return await statusOf({ ...runtime, open }, await locate(runtime, flags, open));
}

function opener({ dataDir }: AtOnce): (file: string) => CredentialFile {
  return (file) => {
    const reader = new AuthReader({ file, dataDir });
    return { file: reader.file, look: async () => (await reader.glance()) ?? readAgain() };
  };
}

function readAgain(): never {
  throw new Error("The file is not in order, or is being written.");
}
