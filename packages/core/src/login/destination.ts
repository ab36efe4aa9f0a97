import type { AuthStore } from "@meshauth/auth-store";
import { findSharing } from "../contexts/sharing.js";
import { MeshauthError } from "../errors/error.js";
import {
  absenceOf,
  type MeshContext,
  type OwnTokenPlan,
  planOwnToken,
  proveOwnToken,
} from "../meshconfig/index.js";
import type { Runtime } from "../runtime.js";
import { openStore, type Target } from "../target.js";
import { printable } from "../text.js";
import { waitNotice } from "../wait-notice.js";
import type { Before } from "./replacement.js";

/** Where a login is written. */
export interface Destination {
  readonly store: AuthStore;
  readonly before: Before;
  /** The token entry by which `config.yaml` has to be told of it; absent for the context's present file. */
  readonly own?: OwnTokenPlan;
}

/** The other contexts that use the same file as the context in force; none without a context. */
export async function findNeighbours(
  runtime: Runtime,
  { config, context }: Target,
): Promise<readonly MeshContext[]> {
  return context ? (await findSharing(runtime, config.contexts)).with(context) : [];
}

/**
 * Finds the file for a login and proves that it can be written; so that `config.yaml` can be changed, where it
 * has to be. Nothing is left behind.
 *
 * @param ownFile - Whether the context's login is to be in a file that no other context uses.
 * @throws MeshauthError `MESHAUTH_E_USAGE` when a file of its own is asked for and there is no context,
 *   `MESHAUTH_E_CONFIG`; StoreError; the signal's reason.
 */
export async function openDestination(
  runtime: Runtime,
  target: Target,
  { ownFile, neighbours }: { readonly ownFile: boolean; readonly neighbours: readonly MeshContext[] },
  signal: AbortSignal,
): Promise<Destination> {
  if (ownFile) requireContext(target);
  if (!ownFile || neighbours.length === 0) {
    const { store } = target;
    await store.prepare({ signal, onWait: waitNotice(runtime) });
    return { store, before: await store.look() };
  }
  const own = await ownDestination(runtime, target);
  await proveOwnToken(own.own, signal);
  await own.store.prepare({ signal, onWait: waitNotice(runtime) });
  return own;
}

/** A file of its own for the context in force. Nothing is written, and nothing proven. */
export async function ownDestination(
  runtime: Runtime,
  target: Target,
): Promise<Destination & { readonly own: OwnTokenPlan }> {
  const own = await planOwnToken(target.config, requireContext(target));
  const store = openStore(runtime, own.credentialFile);
  return { store, own, before: await store.look() };
}

function requireContext({ config, context }: Target): MeshContext {
  if (context && config.exists) return context;
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: "--own-file is for a context, and there is none.",
    why: config.exists ? `${printable(config.file, 500)} has no context in force.` : `${absenceOf(config)}.`,
    next: ["Leave --own-file out.", "mesheryctl system context create NAME --set"],
  });
}
