import { formatAuthJson, isJsonError, JsonError, parseAuthJson } from "@meshauth/provider-api/format";
import type { Commit, CommitResult } from "./commit.js";
import type { DataFolder, Kept } from "./data-folder.js";
import { formatDetails } from "./details.js";
import { StoreError } from "./error.js";
import { replaceFile } from "./replace.js";
import { LARGEST_FILE } from "./safe-read.js";
import type { Place, Session } from "./session.js";
import { digestOf, type StateReading } from "./state.js";
import { attemptTo } from "./system-error.js";
import { showPath } from "./text.js";
import type { StoreWarning } from "./types.js";

/** What {@link write} works with. */
export interface Writing {
  readonly place: Place;
  readonly session: Session;
  /** What the file held when the commit was decided. */
  readonly reading: StateReading;
  readonly data: DataFolder;
  readonly signal: AbortSignal | undefined;
}

/** Carries out a commit under the lock. @throws {@link StoreError}; system errors. */
export async function write(commit: Commit, writing: Writing): Promise<CommitResult> {
  const { session, reading, data } = writing;
  if ("refused" in commit || "restore" in commit) return unchanged(writing);
  if ("empty" in commit && reading.bytes === undefined) {
    return { ...unchanged(writing), warnings: await tidy(() => data.clear()) };
  }
  const bytes =
    "empty" in commit
      ? new Uint8Array()
      : encodeMembers("renewed" in commit ? commit.renewed : commit.members);
  const copy = "empty" in commit ? undefined : await keepDamaged(writing);
  const durable = await replace(bytes, writing, copy);
  session.keepFolder();
  const digest = digestOf(bytes);
  const warnings = await tidy(() => writeData(commit, digest, data));
  if (copy !== undefined) await tidy(() => data.dropDamagedBut(copy.path));
  if (!durable) warnings.push(notDurable(session.paths.file));
  return {
    changed: true,
    file: session.paths.file,
    previous: reading.state,
    digest,
    durable,
    warnings,
    ...(copy === undefined ? {} : { damagedCopy: copy.path }),
  };
}

/** The result of a commit that had nothing to write. */
export function unchanged({ session, reading }: Pick<Writing, "session" | "reading">): CommitResult {
  const { state } = reading;
  const { file } = session.paths;
  return { changed: false, file, previous: state, digest: state.digest, durable: true, warnings: [] };
}

async function replace(bytes: Uint8Array, writing: Writing, copy: Kept | undefined): Promise<boolean> {
  const { place, session, reading, signal } = writing;
  const { paths, lock } = session;
  try {
    return await replaceFile(bytes, { paths, lock, system: place.system, expected: reading.bytes, signal });
  } catch (error) {
    await copy?.undo();
    throw error;
  }
}

/** The bytes of the file, checked by the strict reader: what mesheryctl could not read is never staged. */
function encodeMembers(members: ReadonlyMap<string, string>): Uint8Array {
  try {
    const bytes = Buffer.from(formatAuthJson(members), "utf8");
    const { serverName, token } = parseAuthJson(bytes);
    if (!serverName) throw new JsonError("it names no provider");
    if (token === undefined) throw new JsonError("it has no token member");
    if (bytes.length > LARGEST_FILE) throw new JsonError("it is larger than 1 MiB");
    return bytes;
  } catch (error) {
    if (!isJsonError(error)) throw error;
    throw new StoreError(
      "MESHAUTH_E_DAMAGED",
      "The credential was not written: no Meshery tool could read it.",
      {
        why: `What was to be written is not usable: ${error.reason}.`,
      },
    );
  }
}

async function keepDamaged({ place, reading, data }: Writing): Promise<Kept | undefined> {
  const { state } = reading;
  if (state.state !== "damaged") return undefined;
  return await attemptTo("written", data.path, () => data.keepDamaged(state.bytes, place.system.now()));
}

async function writeData(commit: Commit, digest: string, data: DataFolder): Promise<void> {
  if ("empty" in commit || "refused" in commit || "restore" in commit) await data.clear();
  else if (commit.details === undefined) await data.removeDetails();
  else await data.writeDetails(formatDetails(commit.details, digest));
}

/** The credential is in place by now; what goes wrong beside it is worth a warning only. */
async function tidy(step: () => Promise<void>): Promise<StoreWarning[]> {
  try {
    await step();
    return [];
  } catch {
    return [
      {
        code: "details",
        message: "What is known about the account beside the credential could not be updated.",
      },
    ];
  }
}

function notDurable(file: string): StoreWarning {
  const message = `${showPath(file)} is saved, but the disk did not confirm it; check it after a crash.`;
  return { code: "durability", message };
}
