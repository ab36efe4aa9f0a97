import { addAbortListener } from "node:events";

/** The result of a task, or the signal's reason if that comes first. */
export async function beforeAbort<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  return await new Promise<T>((resolve, reject) => {
    const listener = addAbortListener(signal, () => reject(signal.reason));
    void task()
      .then(resolve, reject)
      .finally(() => listener[Symbol.dispose]());
  });
}
