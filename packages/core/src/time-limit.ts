import { MeshauthError } from "./errors/error.js";

/**
 * Runs something that may wait, with a limit of its own.
 *
 * @param limit - Milliseconds.
 * @param run - Gets a signal that is aborted when the time is up or when `signal` is, and must end with it.
 * @throws MeshauthError `MESHAUTH_E_TIMEOUT` through the signal's reason.
 */
export async function withTimeLimit<T>(
  signal: AbortSignal,
  limit: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new MeshauthError("MESHAUTH_E_TIMEOUT")), limit);
  try {
    return await run(AbortSignal.any([signal, controller.signal]));
  } finally {
    clearTimeout(timer);
  }
}
