import { StoreError } from "./error.js";
import { showPath } from "./text.js";

/** Names of errors that Node does not know on every platform; it calls them "Unknown system error". */
const UNKNOWN_TO_NODE: Readonly<Record<string, ReadonlyMap<number, string>>> = {
  linux: new Map([
    [-122, "EDQUOT"],
    [-116, "ESTALE"],
  ]),
  darwin: new Map([
    [-69, "EDQUOT"],
    [-70, "ESTALE"],
  ]),
};

const TEXTS: Readonly<Record<string, string>> = {
  EACCES: "permission is missing",
  EBUSY: "the file is in use",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be larger than the limit for files",
  EIO: "the disk reports an input/output error",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  ENAMETOOLONG: "the path is too long",
  ENOENT: "a folder on the way to it is missing",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is not a folder",
  EPERM: "the operation is not permitted",
  EROFS: "the file system is read-only",
  ESTALE: "the network file system lost track of the file",
  ETIMEDOUT: "the file system did not answer in time",
  EXDEV: "the folder spans two file systems",
};

/** The symbolic name of a system error, also of one that Node has no name for; `undefined` for other errors. */
export function errorName(error: unknown, platform: NodeJS.Platform = process.platform): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code, errno } = error as { code?: unknown; errno?: unknown };
  if (typeof errno !== "number") return undefined;
  return UNKNOWN_TO_NODE[platform]?.get(errno) ?? String(code);
}

/** What happened, as a clause; the error's own text is not used, as it may name any path. */
function describe(error: unknown): string {
  const name = errorName(error);
  const text = name === undefined ? undefined : (TEXTS[name] ?? nodeText(error));
  return text === undefined ? "an unexpected error occurred" : `${text} (${name})`;
}

function nodeText(error: unknown): string {
  const errno = (error as { errno?: unknown }).errno;
  const known =
    typeof errno === "number"
      ? process.getBuiltinModule("node:util").getSystemErrorMap().get(errno)?.[1]
      : undefined;
  return known ?? "the operating system reports an error";
}

/** Whether the error is one of the named system errors. */
export function isSystemError(error: unknown, ...names: readonly string[]): boolean {
  const name = errorName(error);
  return name !== undefined && names.includes(name);
}

/** Makes a system error a {@link StoreError}; leaves any other error as it is. */
export function asStoreError(
  error: unknown,
  doing: "read" | "written",
  path: string,
  what: string = "credential file",
): unknown {
  if (errorName(error) === undefined) return error;
  return new StoreError("MESHAUTH_E_STORE", `The ${what} cannot be ${doing}.`, {
    why: `${showPath(path)}: ${describe(error)}.`,
    cause: error,
  });
}

/** Runs a step on a path, and turns a system error of it into a {@link StoreError}. */
export async function attemptTo<T>(
  doing: "read" | "written",
  path: string,
  step: () => Promise<T>,
  what?: string,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw asStoreError(error, doing, path, what);
  }
}
