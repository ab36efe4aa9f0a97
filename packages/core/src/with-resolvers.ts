/** The means by which a promise is settled. */
export interface Settle<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** A promise with its means, as `Promise.withResolvers` gives them from Node 22 on. */
export function withResolvers<T>(): [promise: Promise<T>, settle: Settle<T>] {
  const means: Partial<Settle<T>> = {};
  const promise = new Promise<T>((resolve, reject) => Object.assign(means, { resolve, reject }));
  return [promise, means as Settle<T>];
}
