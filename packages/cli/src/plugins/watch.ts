import { setTimeout as delay } from "node:timers/promises";
import type { MeshauthError } from "@meshauth/core";
import { TreeError } from "../trust/tree.js";

/** How long nothing is looked at, in milliseconds. */
const PAUSE_MS = 200;

/**
 * Runs work that fills a folder, and ends it when it fills it with more than it may.
 *
 * @param work - Gets a signal, and must end with it.
 * @param look - Measures; throws a {@link TreeError} when it is too much. What goes away meanwhile is passed over.
 * @param tooMuch - The error that ends the work.
 */
export async function whileWithin<T>(
  work: (signal: AbortSignal) => Promise<T>,
  look: () => Promise<void>,
  tooMuch: (reason: string) => MeshauthError,
): Promise<T> {
  const end = new AbortController();
  const done = new AbortController();
  const watching = watch(look, done.signal).then((reason) => {
    if (reason !== undefined) end.abort(tooMuch(reason));
  });
  try {
    return await work(end.signal);
  } finally {
    done.abort();
    await watching;
  }
}

async function watch(look: () => Promise<void>, done: AbortSignal): Promise<string | undefined> {
  while (!done.aborted) {
    const began = performance.now();
    try {
      await look();
    } catch (error) {
      if (error instanceof TreeError) return error.message;
    }
    // A large folder takes long to look at: most of the time is left to those who fill it.
    const pause = Math.max(PAUSE_MS, 3 * (performance.now() - began));
    await delay(pause, undefined, { signal: done }).catch(() => undefined);
  }
  return undefined;
}
