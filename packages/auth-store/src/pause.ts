/** Waits. @throws the signal's reason when that is aborted first. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  const { setTimeout: sleep } = await import("node:timers/promises");
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
