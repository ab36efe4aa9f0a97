import { createFile, discard } from "./new-file.js";
import { checkUnchanged, type Expectation } from "./replace.js";

/** Room for a token that is longer than the one before. */
const SMALLEST_PROOF = 16 * 1024;

/**
 * Proves that the credential file could be replaced now: it is as it was, the lock is still ours, and the disk has
 * space for a file of that size. Leaves nothing behind.
 */
export async function prove(expectation: Expectation): Promise<void> {
  await checkUnchanged(expectation);
  const { lock, expected } = expectation;
  const size = Math.max(expected?.length ?? 0, SMALLEST_PROOF);
  const handle = await createFile(lock.staged, Buffer.alloc(size));
  try {
    await handle.sync();
  } finally {
    await discard(lock.staged, handle);
  }
}
