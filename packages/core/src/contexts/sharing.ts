import { type MeshContext, serverAddress } from "../meshconfig/index.js";
import type { Runtime } from "../runtime.js";
import { openStore } from "../target.js";

/** Which contexts use which file. */
export interface Sharing {
  /** The contexts, the given one left out, that use the same file: in the order of `config.yaml`. */
  with(context: MeshContext): readonly MeshContext[];
}

/** Finds out which contexts share a credential file; links are followed. Touches nothing. */
export async function findSharing(runtime: Runtime, contexts: readonly MeshContext[]): Promise<Sharing> {
  const paths = [...new Set(contexts.map(({ credentialFile }) => credentialFile))];
  const real = new Map<string, string>();
  await Promise.all(paths.map(async (path) => real.set(path, await realFile(runtime, path))));
  const fileOf = ({ credentialFile }: MeshContext): string | undefined => real.get(credentialFile);
  return {
    with: (context) =>
      contexts.filter((other) => other.name !== context.name && fileOf(other) === fileOf(context)),
  };
}

/** The real path of a credential file. One that cannot be told, such as of a link that may not be followed, is its own. */
export async function realFile(runtime: Runtime, path: string): Promise<string> {
  try {
    return await openStore(runtime, path).realFile();
  } catch {
    return path;
  }
}

/** A context's server, in the form that can be compared and shown; null for an address that cannot be one. */
export function endpointOf({ endpoint }: MeshContext): string | null {
  // What is not an address may hold a password, and is not shown.
  const verdict = serverAddress(endpoint);
  return verdict.kind === "address" ? verdict.address : null;
}
