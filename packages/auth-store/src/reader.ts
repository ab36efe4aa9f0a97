import { dirname, isAbsolute, normalize } from "node:path";
import { readBeside, readDetails, readKnown } from "./beside/beside.js";
import { DataReader } from "./beside/data-reader.js";
import { StoreError } from "./error.js";
import type { Place } from "./place.js";
import { folderWarnings } from "./read/folders.js";
import { resolveFile } from "./read/resolve.js";
import { readOwnFile } from "./read/safe-read.js";
import { isSettled, readState, readStateOnce, type StateReading } from "./read/state.js";
import { type SystemFacts, systemFacts } from "./system.js";
import { attemptTo } from "./system-error.js";
import { showPath } from "./text.js";
import type { CredentialState, Details, Look } from "./types.js";

/** How often a look starts anew because the file was written meanwhile. */
const LOOKS = 3;

/** What an {@link AuthReader} or an {@link AuthStore} is made of. */
export interface AuthStoreOptions {
  /** The absolute path of the credential file, usually `auth.json` in the Meshery folder. It may be a link. */
  readonly file: string;
  /** The absolute path of a folder for what must not be beside the file: details, damaged copies. */
  readonly dataDir: string;
  /** Facts of machine and process, where they are not to be those of this process. */
  readonly system?: Partial<SystemFacts>;
}

/** A {@link Look} without what the last login replaced. */
export type Glance = Omit<Look, "previous">;

/**
 * One credential file, shared with mesheryctl and with any number of processes, for whoever reads it. Nothing is done
 * until a method is called, nothing is kept between calls, and nothing is created or touched.
 */
export class AuthReader {
  /** The path as it was given. */
  readonly file: string;
  protected readonly place: Place;

  constructor({ file, dataDir, system }: AuthStoreOptions) {
    for (const path of [file, dataDir]) if (!isAbsolute(path)) throw notAbsolute(path);
    this.file = normalize(file);
    this.place = { file: this.file, dataDir: normalize(dataDir), system: systemFacts(system) };
  }

  /**
   * The file's real path, its links resolved by the rules.
   *
   * @throws {@link StoreError} `MESHAUTH_E_UNSAFE` for a link that may not be followed.
   */
  async realFile(): Promise<string> {
    return await attemptTo("read", this.file, () => resolveFile(this.file, this.place.system));
  }

  /**
   * What is in the file now. It needs no lock: a writer of this package leaves the old file or the new one, and after
   * others, who write in place, it is read again.
   *
   * @throws {@link StoreError} `MESHAUTH_E_UNSAFE`, `MESHAUTH_E_STORE`, and `MESHAUTH_E_DAMAGED` for a file
   *   over 1 MiB. Any other damage is a state.
   */
  async read(): Promise<CredentialState> {
    return (await this.#readWith(readState)).state;
  }

  /**
   * What is in the file now with all that is kept about it, as of one moment.
   *
   * @throws {@link StoreError} as {@link AuthReader.read} does.
   */
  async look(): Promise<Look> {
    const { system } = this.place;
    for (let again = LOOKS; ; again--) {
      const reading = await this.#readWith(readState);
      const { state } = reading;
      const beside = await readBeside(this.#data(reading.file), state.digest, system.now());
      if (again > 0 && !(await this.#isStill(reading))) continue;
      const { details, refused, previous } = beside;
      return { state, details, refused, previous: previous?.shown };
    }
  }

  /**
   * The same at once or not at all, for whoever can do something else when the file is not in order, or is being
   * written at this moment.
   *
   * @returns `undefined` when it would have to be read again.
   * @throws {@link StoreError} as {@link AuthReader.read} does.
   */
  async glance(): Promise<Glance | undefined> {
    const reading = await this.#readWith(readStateOnce);
    const { state } = reading;
    if (!isSettled(state)) return undefined;
    const { details, refused } = await readKnown(this.#data(reading.file), state.digest);
    return (await this.#isStill(reading)) ? { state, details, refused } : undefined;
  }

  /**
   * What was kept about the credential in the file; `undefined` when nothing was, or when another tool
   * has written the file since.
   *
   * @throws {@link StoreError} when the credential file cannot be read.
   */
  async details(): Promise<Details | undefined> {
    const file = await this.realFile();
    const { state } = await readStateOnce(file, this.place.system);
    return await readDetails(this.#data(file), state.digest);
  }

  async #readWith(read: typeof readStateOnce): Promise<StateReading & { readonly file: string }> {
    const file = await this.realFile();
    const { system } = this.place;
    return await attemptTo("read", file, async () => {
      const { state, bytes } = await read(file, system);
      const warnings = [...state.warnings, ...(await folderWarnings(dirname(file), system))];
      return { state: { ...state, warnings }, bytes, file };
    });
  }

  /** What is kept is read after the file, and may describe what was written there in between. */
  async #isStill({ bytes }: StateReading): Promise<boolean> {
    const now = await readOwnFile(await this.realFile(), this.place.system);
    return bytes === undefined || now === undefined
      ? bytes === now?.bytes
      : Buffer.compare(bytes, now.bytes) === 0;
  }

  #data(realFile: string): DataReader {
    const { dataDir, system } = this.place;
    return new DataReader(dataDir, realFile, system);
  }
}

function notAbsolute(path: string): StoreError {
  return new StoreError("MESHAUTH_E_STORE", "The credential file has no usable path.", {
    why: `${showPath(path)} is not an absolute path.`,
  });
}
