import { basename, dirname, join } from "node:path";

/** The names beside a credential file that a store uses while it works. There are no others. */
export interface WorkPaths {
  /** The real path of the credential file. */
  readonly file: string;
  readonly folder: string;
  /** Whose content tells who may write. */
  readonly lock: string;
  /** Held for the moment in which the lock of a dead process is taken away. */
  readonly break: string;
  /** The staged file of the process whose lock has this nonce. */
  staged(nonce: string): string;
  /** The nonce in the name of a staged file; `undefined` for any other name. */
  stagedNonce(name: string): string | undefined;
}

/** @param file - The real path of a credential file. */
export function workPaths(file: string): WorkPaths {
  const folder = dirname(file);
  const prefix = `.${basename(file)}.`;
  return {
    file,
    folder,
    lock: `${file}.lock`,
    break: `${file}.lock.break`,
    staged: (nonce) => join(folder, `${prefix}${nonce}.tmp`),
    stagedNonce: (name) =>
      name.startsWith(prefix) ? /^([0-9a-f]{24})\.tmp$/.exec(name.slice(prefix.length))?.[1] : undefined,
  };
}
