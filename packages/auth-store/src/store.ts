import type { CommitOptions, CommitResult, Decide } from "./commit.js";
import type { WorkPaths } from "./paths.js";
import { obstacles } from "./read/obstacles.js";
import { readOwnFile } from "./read/safe-read.js";
import { readStateOnce } from "./read/state.js";
import { tighten } from "./read/tighten.js";
import { AuthReader } from "./reader.js";
import { underLock } from "./session.js";
import { attemptTo } from "./system-error.js";
import type { CredentialState, StoreWarning } from "./types.js";
import { prove } from "./write/prove.js";
import { takeTurn } from "./write/turn.js";
import { unchanged, write } from "./write/write.js";

/** {@link AuthReader} for whoever also writes. Nothing is kept between calls. */
export class AuthStore extends AuthReader {
  /**
   * Proves that {@link AuthStore.commit} would work, for whoever is about to obtain a credential that must
   * not be lost: rules, lock and disk space are tried, and nothing is left behind.
   *
   * @throws {@link StoreError}; the signal's reason.
   */
  async prepare(options: Pick<CommitOptions, "signal" | "wait" | "onWait"> = {}): Promise<void> {
    const { system } = this.place;
    const { signal } = options;
    await underLock(this.place, options, async ({ paths, lock }) => {
      await attemptTo("written", paths.file, async () => {
        const expected = (await readOwnFile(paths.file, system))?.bytes;
        signal?.throwIfAborted();
        await prove({ paths, lock, system, expected });
      });
    });
  }

  /**
   * Replaces the content of the file. Under the lock the file is read, and `decide` says what to write in
   * view of it; `undefined` leaves everything as it is. The new file has mode 0600 and replaces the old one in one
   * step. The bytes of a damaged file are kept elsewhere first.
   *
   * A renewal is not interrupted by the signal: by then the provider may have taken the old token back.
   *
   * @param decide - Called once at most. What it throws is thrown on, and nothing is written.
   * @throws {@link StoreError} any code; the signal's reason. The old file is then as it was.
   */
  async commit(decide: Decide, options: CommitOptions = {}): Promise<CommitResult> {
    const { signal, unless, ...waiting } = options;
    const leave = unless && ((paths: WorkPaths) => this.#leave(paths, unless));
    return await underLock(this.place, { ...waiting, signal, leave }, async (session) => {
      const { paths } = session;
      const turn = await attemptTo("read", paths.file, () => takeTurn(this.place, session, signal));
      const commit = await decide(turn.reading.state, turn.offered);
      if (commit === undefined || !("renewed" in commit)) signal?.throwIfAborted();
      if (commit === undefined) return unchanged(paths, turn.reading);
      return await attemptTo("written", paths.file, () => write(commit, turn));
    });
  }

  /**
   * Takes away what others may do with the file and its folder: its mode becomes 0600, and nobody else may write in
   * the folder. What is stricter already, and a folder of someone else, stays.
   *
   * @returns Whether something was changed.
   * @throws {@link StoreError}
   */
  async tighten(): Promise<boolean> {
    return await attemptTo("written", this.file, () => tighten(this.place));
  }

  /**
   * What would keep {@link AuthStore.commit} from its work, the file itself apart: something else in the place of the
   * lock or of the data folder. Touches nothing.
   */
  async obstacles(): Promise<StoreWarning[]> {
    return await attemptTo("read", this.file, () => obstacles(this.place));
  }

  /** Ends a wait when the file, as it is at this moment, needs no write; what cannot be read now does not end it. */
  async #leave(
    paths: WorkPaths,
    unless: (current: CredentialState) => boolean,
  ): Promise<CommitResult | undefined> {
    const reading = await readStateOnce(paths.file, this.place.system).catch(() => undefined);
    return reading !== undefined && unless(reading.state) ? unchanged(paths, reading) : undefined;
  }
}
