import { isStoreError, type StoreError } from "../error.js";
import type { Details } from "../types.js";
import type { DataFolder } from "./data-folder.js";
import type { DataReader } from "./data-reader.js";
import { parseDetails } from "./details.js";
import { type PreviousCopy, parsePrevious } from "./previous.js";

/** What is known about the content of a credential file. */
export interface Known {
  readonly details: Details | undefined;
  /** Why it cannot be told whether there are details: the disk failed. */
  readonly detailsFailure: StoreError | undefined;
  /** Whether the provider has refused to renew it. */
  readonly refused: boolean;
}

/** The same with what a login has replaced. */
export interface Beside extends Known {
  readonly previous: PreviousCopy | undefined;
}

/** Reads what is known about the content with this digest. Files that are broken or describe other content are ignored. */
export async function readKnown(data: DataReader, digest: string): Promise<Known> {
  const refused = await data.read("refused");
  return {
    ...(await tryDetails(data, digest)),
    refused: refused !== undefined && Buffer.from(refused).toString("latin1") === formatRefused(digest),
  };
}

/** Reads all that is kept beside the content with this digest, as {@link readKnown} does. */
export async function readBeside(data: DataReader, digest: string, now: Date): Promise<Beside> {
  const previous = await readPrevious(data, now);
  return {
    ...(await readKnown(data, digest)),
    // A login that was killed after it kept a copy and before it replaced the file has replaced nothing.
    previous: previous?.shown.state.digest === digest ? undefined : previous,
  };
}

/** What is known about the content with this digest. */
export async function readDetails(data: DataReader, digest: string): Promise<Details | undefined> {
  const bytes = await data.read("details.json");
  return bytes && parseDetails(bytes, digest);
}

/** A side file that breaks the rules is none; one that the disk does not give may be a good one. */
async function tryDetails(
  data: DataReader,
  digest: string,
): Promise<Pick<Known, "details" | "detailsFailure">> {
  try {
    const bytes = await data.readOrThrow("details.json");
    return { details: bytes && parseDetails(bytes, digest), detailsFailure: undefined };
  } catch (error) {
    const failed = isStoreError(error) && error.code === "MESHAUTH_E_STORE";
    return { details: undefined, detailsFailure: failed ? error : undefined };
  }
}

async function readPrevious(data: DataReader, now: Date): Promise<PreviousCopy | undefined> {
  const bytes = await data.read("previous.json");
  return bytes && parsePrevious(bytes, now);
}

/** The text of the mark that says that renewal of the content with this digest was refused. */
export function formatRefused(digest: string): string {
  return `${digest}\n`;
}

/** Removes what nobody may use any more. */
export async function dropOutdated(data: DataFolder, now: Date): Promise<void> {
  await data.sweep();
  const bytes = await data.read("previous.json");
  if (bytes !== undefined && parsePrevious(bytes, now) === undefined) await data.remove("previous.json");
}
