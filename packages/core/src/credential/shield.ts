/** A signal that can be kept from being aborted for a while. */
export interface Shield {
  readonly signal: AbortSignal;
  /** From now on the program's signal does not end the work. @throws its reason when it has been aborted already. */
  raise(): void;
  /** Lets go of the program's signal. */
  lower(): void;
}

/**
 * A signal that follows the program's, up to the step that must not be cut in two: what a provider has been
 * asked for by then, it may have done. The program itself still ends when its grace for cleaning up is over.
 *
 * @param onDeferred - Called when the program is to end and has to wait for the step.
 */
export function shielded(outer: AbortSignal, onDeferred: () => void): Shield {
  const controller = new AbortController();
  const follow = (): void => controller.abort(outer.reason);
  const lower = (): void => {
    outer.removeEventListener("abort", follow);
    outer.removeEventListener("abort", onDeferred);
  };
  if (outer.aborted) follow();
  else outer.addEventListener("abort", follow);
  return {
    signal: controller.signal,
    raise() {
      controller.signal.throwIfAborted();
      outer.removeEventListener("abort", follow);
      outer.addEventListener("abort", onDeferred, { once: true });
    },
    lower,
  };
}
