import { dirname, isAbsolute, normalize } from "node:path";
import { readBeside, readDetails } from "./beside/beside.js";
import { DataFolder } from "./beside/data-folder.js";
import type { CommitOptions, CommitResult, Decide } from "./commit.js";
import { StoreError } from "./error.js";
import { folderWarnings } from "./folder.js";
import type { WorkPaths } from "./paths.js";
import { obstacles } from "./read/obstacles.js";
import { resolveFile } from "./read/resolve.js";
import { readOwnFile } from "./read/safe-read.js";
import { readState, readStateOnce, type StateReading } from "./read/state.js";
import { tighten } from "./read/tighten.js";
import { type Place, underLock } from "./session.js";
import { type SystemFacts, systemFacts } from "./system.js";
import { attemptTo } from "./system-error.js";
import { showPath } from "./text.js";
import type { CredentialState, Details, Look, StoreWarning } from "./types.js";
import { prove } from "./write/prove.js";
import { takeTurn } from "./write/turn.js";
import { unchanged, write } from "./write/write.js";

/** How often a look starts anew because the file was written meanwhile. */
const LOOKS = 3;

/** What an {@link AuthStore} is made of. */
export interface AuthStoreOptions {
  /** The absolute path of the credential file, usually `auth.json` in the Meshery folder. It may be a link. */
  readonly file: string;
  /** The absolute path of a folder for what must not be beside the file: details, damaged copies. */
  readonly dataDir: string;
  /** Facts of machine and process, where they are not to be those of this process. */
  readonly system?: Partial<SystemFacts>;
}

/**
 * One credential file, shared with mesheryctl and with any number of processes. Nothing is done until a
 * method is called, and nothing is kept between calls.
 */
export class AuthStore {
  /** The path as it was given. */
  readonly file: string;
  readonly #place: Place;

  constructor({ file, dataDir, system }: AuthStoreOptions) {
    for (const path of [file, dataDir]) if (!isAbsolute(path)) throw notAbsolute(path);
    this.file = normalize(file);
    this.#place = { file: this.file, dataDir: normalize(dataDir), system: systemFacts(system) };
  }

  /**
   * The file's real path, its links resolved by the rules.
   *
   * @throws {@link StoreError} `MESHAUTH_E_UNSAFE` for a link that may not be followed.
   */
  async realFile(): Promise<string> {
    return await attemptTo("read", this.file, () => resolveFile(this.file, this.#place.system));
  }

  /**
   * What is in the file now. Creates and touches nothing, and needs no lock: a writer of this package
   * leaves the old file or the new one, and after others, who write in place, it is read again.
   *
   * @throws {@link StoreError} `MESHAUTH_E_UNSAFE`, `MESHAUTH_E_STORE`, and `MESHAUTH_E_DAMAGED` for a file
   *   over 1 MiB. Any other damage is a state.
   */
  async read(): Promise<CredentialState> {
    const file = await this.realFile();
    const { system } = this.#place;
    return await attemptTo("read", file, async () => {
      const { state } = await readState(file, system);
      const warnings = [...state.warnings, ...(await folderWarnings(dirname(file), system))];
      return { ...state, warnings };
    });
  }

  /**
   * What is in the file now with all that is kept about it, as of one moment. Creates and touches nothing, and
   * needs no lock.
   *
   * @throws {@link StoreError} as {@link AuthStore.read} does.
   */
  async look(): Promise<Look> {
    const { system } = this.#place;
    for (let again = LOOKS; ; again--) {
      const state = await this.read();
      const { previous, details, refused } = await readBeside(await this.#data(), state.digest, system.now());
      // What is kept is read after the file, and may describe what was written there in between.
      const { digest } = (await this.#readOnce()).state;
      if (digest === state.digest || again === 0)
        return { state, details, refused, previous: previous?.shown };
    }
  }

  /**
   * Proves that {@link AuthStore.commit} would work, for whoever is about to obtain a credential that must
   * not be lost: rules, lock and disk space are tried, and nothing is left behind.
   *
   * @throws {@link StoreError}; the signal's reason.
   */
  async prepare(options: Pick<CommitOptions, "signal" | "wait" | "onWait"> = {}): Promise<void> {
    const { system } = this.#place;
    const { signal } = options;
    await underLock(this.#place, options, async ({ paths, lock }) => {
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
    return await underLock(this.#place, { ...waiting, signal, leave }, async (session) => {
      const { paths } = session;
      const turn = await attemptTo("read", paths.file, () => takeTurn(this.#place, session, signal));
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
    return await attemptTo("written", this.file, () => tighten(this.#place));
  }

  /**
   * What would keep {@link AuthStore.commit} from its work, the file itself apart: something else in the place of the
   * lock or of the data folder. Touches nothing.
   */
  async obstacles(): Promise<StoreWarning[]> {
    return await attemptTo("read", this.file, () => obstacles(this.#place));
  }

  /**
   * What was kept about the credential in the file; `undefined` when nothing was, or when another tool
   * has written the file since.
   *
   * @throws {@link StoreError} when the credential file cannot be read.
   */
  async details(): Promise<Details | undefined> {
    const { state } = await this.#readOnce();
    return await readDetails(await this.#data(), state.digest);
  }

  /** Ends a wait when the file, as it is at this moment, needs no write; what cannot be read now does not end it. */
  async #leave(
    paths: WorkPaths,
    unless: (current: CredentialState) => boolean,
  ): Promise<CommitResult | undefined> {
    const reading = await readStateOnce(paths.file, this.#place.system).catch(() => undefined);
    return reading !== undefined && unless(reading.state) ? unchanged(paths, reading) : undefined;
  }

  async #readOnce(): Promise<StateReading> {
    const file = await this.realFile();
    return await readStateOnce(file, this.#place.system);
  }

  async #data(): Promise<DataFolder> {
    const { dataDir, system } = this.#place;
    return new DataFolder(dataDir, await this.realFile(), system);
  }
}

function notAbsolute(path: string): StoreError {
  return new StoreError("MESHAUTH_E_STORE", "The credential file has no usable path.", {
    why: `${showPath(path)} is not an absolute path.`,
  });
}
