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
  /**
   * The staged file of the process whose lock has this nonce.
   *
   * @param base - For a renewal: the SHA-256, in hexadecimal, of the bytes that it is to replace.
   */
  staged(nonce: string, base?: string): string;
  /** What the name of a staged file says; `undefined` for any other name. */
  parseStaged(name: string): StagedName | undefined;
}

/** What the name of a staged file says. */
export interface StagedName {
  readonly nonce: string;
  /** The start of the SHA-256 of the bytes that a renewal replaces; see {@link isBase}. */
  readonly base: string | undefined;
}

const BASE_LENGTH = 16;
const STAGED = /^([0-9a-f]{24})(?:\.([0-9a-f]{16}))?\.tmp$/;

/** Whether a staged renewal is to replace the bytes with this digest. */
export function isBase(base: string, digest: string): boolean {
  return digest.slice(0, BASE_LENGTH) === base;
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
    staged: (nonce, base) => {
      const suffix = base === undefined ? "" : `.${base.slice(0, BASE_LENGTH)}`;
      return join(folder, `${prefix}${nonce}${suffix}.tmp`);
    },
    parseStaged: (name) => {
      const match = name.startsWith(prefix) ? STAGED.exec(name.slice(prefix.length)) : null;
      return match?.[1] === undefined ? undefined : { nonce: match[1], base: match[2] };
    },
  };
}
