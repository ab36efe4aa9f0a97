import { MeshauthError } from "./errors/error.js";

/**
 * Runs something that may wait, with a limit of its own.
 *
 * @param limit - Milliseconds.
 * @param run - Gets a signal that is aborted when the time is up or when `signal` is, and must end with it.
 * @param timeUp - What the signal is aborted with when the time is up; default: `MESHAUTH_E_TIMEOUT`.
 * @throws MeshauthError through the signal's reason.
 */
export async function withTimeLimit<T>(
  signal: AbortSignal,
  limit: number,
  run: (signal: AbortSignal) => Promise<T>,
  timeUp = (): MeshauthError => new MeshauthError("MESHAUTH_E_TIMEOUT"),
): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(timeUp()), limit);
  try {
    return await run(AbortSignal.any([signal, controller.signal]));
  } finally {
    clearTimeout(timer);
  }
}
