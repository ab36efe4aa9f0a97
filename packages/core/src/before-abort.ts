/** The result of a task, or the signal's reason if that comes first. */
export async function beforeAbort<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  return await new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    task()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", stop));
  });
}
