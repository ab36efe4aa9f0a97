import { dirname, isAbsolute, normalize } from "node:path";
import type { CommitOptions, CommitResult, Decide } from "./commit.js";
import { DataFolder } from "./data-folder.js";
import { parseDetails } from "./details.js";
import { StoreError } from "./error.js";
import { folderWarnings } from "./folder.js";
import { proveSpace } from "./replace.js";
import { resolveFile } from "./resolve.js";
import { readOwnFile } from "./safe-read.js";
import { type Place, underLock } from "./session.js";
import { digestOf, readState } from "./state.js";
import { type SystemFacts, systemFacts } from "./system.js";
import { attemptTo } from "./system-error.js";
import { showPath } from "./text.js";
import type { CredentialState, Details, Look } from "./types.js";
import { unchanged, write } from "./write.js";

/** Room for a token that is longer than the one before. */
const SMALLEST_PROOF = 16 * 1024;

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
   * Proves that {@link AuthStore.commit} would work, for whoever is about to obtain a credential that must
   * not be lost: rules, lock and disk space are tried, and nothing is left behind.
   *
   * @throws {@link StoreError}; the signal's reason.
   */
  async prepare(signal?: AbortSignal): Promise<void> {
    await underLock(this.#place, { signal }, async ({ paths, lock }) => {
      await attemptTo("written", paths.file, async () => {
        const size = (await readOwnFile(paths.file, this.#place.system))?.bytes.length ?? 0;
        signal?.throwIfAborted();
        await proveSpace(lock, Math.max(size, SMALLEST_PROOF));
      });
    });
  }

  /**
   * Replaces the content of the file. Under the lock the file is read, and `decide` says what to write in
   * view of it; `undefined` leaves everything as it is. The new file has mode 0600 and replaces the old one in one
   * step. The bytes of a damaged file are kept elsewhere first.
   *
   * @param decide - Called once. What it throws is thrown on, and nothing is written.
   * @throws {@link StoreError} any code; the signal's reason. The old file is then as it was.
   */
  async commit(decide: Decide, options: CommitOptions = {}): Promise<CommitResult> {
    const place = this.#place;
    const { signal } = options;
    return await underLock(place, options, async (session) => {
      const { paths } = session;
      const reading = await attemptTo("read", paths.file, () => readState(paths.file, place.system, signal));
      const commit = await decide(reading.state, {
        details: await this.details(),
        previous: undefined,
        refused: false,
        prove: () => proveSpace(session.lock, SMALLEST_PROOF),
      });
      signal?.throwIfAborted();
      if (commit === undefined) return unchanged({ session, reading });
      const data = new DataFolder(place.dataDir, paths.file);
      return await attemptTo("written", paths.file, () =>
        write(commit, { place, session, reading, data, signal }),
      );
    });
  }

  /** What is in the file now with all that is kept about it. Creates and touches nothing. @throws {@link StoreError} */
  async look(): Promise<Look> {
    return { state: await this.read(), details: await this.details(), refused: false, previous: undefined };
  }

  /**
   * Takes away what others may do with the file and its folder. @returns Whether something was changed.
   *
   * @throws {@link StoreError}
   */
  async tighten(): Promise<boolean> {
    return false;
  }

  /**
   * What was kept about the credential in the file; `undefined` when nothing was, or when another tool
   * has written the file since.
   *
   * @throws {@link StoreError} when the credential file cannot be read.
   */
  async details(): Promise<Details | undefined> {
    const file = await this.realFile();
    const { system, dataDir } = this.#place;
    const credential = await readOwnFile(file, system);
    if (credential === undefined) return undefined;
    const { details } = new DataFolder(dataDir, file);
    const side = await readOwnFile(details, system, { what: "side file" }).catch(() => undefined);
    return side && parseDetails(side.bytes, digestOf(credential.bytes));
  }
}

function notAbsolute(path: string): StoreError {
  return new StoreError("MESHAUTH_E_STORE", "The credential file has no usable path.", {
    why: `${showPath(path)} is not an absolute path.`,
  });
}
