import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { MeshauthError } from "@meshauth/core";

/**
 * Root would leave files in a user's folder that the user cannot change any more.
 *
 * @param folder - One of the program's own folders; it need not be there.
 * @param uid - The user that runs the program; `undefined` where the system has no such thing.
 * @throws MeshauthError `MESHAUTH_E_ROOT`
 */
export async function refuseRoot(folder: string, uid: number | undefined): Promise<void> {
  if (uid !== 0) return;
  for (let path = folder; ; path = dirname(path)) {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined && path !== dirname(path)) continue;
    if (found === undefined || found.uid === 0) return;
    throw new MeshauthError("MESHAUTH_E_ROOT", {
      why: `The program runs as root, and ${path} belongs to another user.`,
    });
  }
}

const REFUSED: ReadonlySet<string | undefined> = new Set([
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOSPC",
  "EDQUOT",
  "EFBIG",
  "EBUSY",
  "EIO",
  "ENOTDIR",
  "EEXIST",
  "EISDIR",
  "ELOOP",
]);

/**
 * The error for a folder that the operating system does not let the program change; `undefined` for any other failure.
 *
 * @param message - What cannot be done, as a sentence.
 */
export function storageFailure(error: unknown, folder: string, message: string): MeshauthError | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === undefined || !REFUSED.has(code)) return undefined;
  return new MeshauthError("MESHAUTH_E_STORE", {
    message,
    why: `The operating system refused a file in ${folder} (${code}).`,
    next: ["Make room, or make the folder yours, and try again."],
    cause: error,
  });
}
