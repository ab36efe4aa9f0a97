import { join } from "node:path";
import { LARGEST_FILE, readOwnFile } from "../read/safe-read.js";
import { sha256 } from "../sha256.js";
import type { SystemFacts } from "../system.js";

/** The files that are kept about a credential, the damaged copies apart. */
export type DataName = "details.json" | "previous.json" | "refused";

/** The copy of a credential file in base64, with its details. */
const LARGEST_COPY = 2 * LARGEST_FILE;

/**
 * What belongs to one credential file and must not be beside it: a folder of its own, named by the
 * SHA-256 of the credential file's real path.
 */
export class DataReader {
  readonly path: string;
  readonly #system: SystemFacts;

  constructor(dataDir: string, realFile: string, system: SystemFacts) {
    this.path = join(dataDir, "credentials", sha256(realFile));
    this.#system = system;
  }

  /** The content of a file; `undefined` when there is none that could be trusted. */
  async read(name: DataName): Promise<Uint8Array | undefined> {
    return await this.readOrThrow(name).catch(() => undefined);
  }

  /** The same for who has to tell a file that is not there from one that cannot be read. @throws {@link StoreError} */
  async readOrThrow(name: DataName): Promise<Uint8Array | undefined> {
    const terms = { what: "side file", largest: LARGEST_COPY };
    return (await readOwnFile(join(this.path, name), this.#system, terms))?.bytes;
  }
}
