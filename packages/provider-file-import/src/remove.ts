import { lstat, unlink } from "node:fs/promises";
import { isProviderError, ProviderError, printable } from "@meshauth/provider-api";
import { type FileIdentity, identityOf } from "./read-file.js";

/**
 * Deletes the file that was imported, if it is still that one: not a link, which would leave the token where it
 * is, and not a file that took its place or was written to, such as `auth.json` itself.
 *
 * @throws {@link ProviderError} `input`
 */
export async function removeSource(source: FileIdentity): Promise<void> {
  const { path } = source;
  try {
    const stats = await lstat(path, { bigint: true });
    if (stats.isSymbolicLink()) throw kept(path, "It is a link; the file that it leads to holds the token.");
    const now = identityOf(path, stats);
    if (
      now.dev !== source.dev ||
      now.ino !== source.ino ||
      now.size !== source.size ||
      now.mtimeNs !== source.mtimeNs
    ) {
      throw kept(path, "It is no longer the file that was imported.");
    }
    await unlink(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // Gone already is what was asked for.
    if (code === "ENOENT") return;
    throw isProviderError(error) ? error : kept(path, `The system refused (${code ?? "no code"}).`, error);
  }
}

function kept(path: string, reason: string, cause?: unknown): ProviderError {
  return new ProviderError("input", `${printable(path)} was imported, but not removed.`, {
    reason,
    next: ["Delete it by hand: it holds a token."],
    ...(cause === undefined ? {} : { cause }),
  });
}
