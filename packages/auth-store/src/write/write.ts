import { type Beside, dropOutdated, formatRefused } from "../beside/beside.js";
import type { DataFolder, Kept } from "../beside/data-folder.js";
import { formatDetails } from "../beside/details.js";
import { keepDamaged, keepPrevious } from "../beside/keep.js";
import type { Commit, CommitResult } from "../commit.js";
import type { WorkPaths } from "../paths.js";
import type { Place } from "../place.js";
import type { StateReading } from "../read/state.js";
import type { Session } from "../session.js";
import { sha256 } from "../sha256.js";
import { showPath } from "../text.js";
import type { StoreWarning } from "../types.js";
import { type Filling, type Plan, planOf } from "./plan.js";
import { type Replacement, replaceFile } from "./replace.js";

/** What {@link write} works with. */
export interface Writing {
  readonly place: Place;
  readonly session: Session;
  /** What the file held when the commit was decided. */
  readonly reading: StateReading;
  /** What was kept about that. */
  readonly beside: Beside;
  readonly data: DataFolder;
  readonly signal: AbortSignal | undefined;
}

/** Carries out a commit under the lock. @throws {@link StoreError}; system errors. */
export async function write(commit: Commit, writing: Writing): Promise<CommitResult> {
  const { place, data } = writing;
  const warnings = await tidy(() => dropOutdated(data, place.system.now()));
  const result = await carryOut(commit, writing);
  const all = [...warnings, ...result.warnings];
  return { ...result, warnings: [...new Map(all.map((warning) => [warning.code, warning])).values()] };
}

/** The result of a commit that had nothing to write. */
export function unchanged({ file }: WorkPaths, { state }: StateReading): CommitResult {
  return { changed: false, file, previous: state, digest: state.digest, durable: true, warnings: [] };
}

async function carryOut(commit: Commit, writing: Writing): Promise<CommitResult> {
  const { session, reading, data } = writing;
  const same = unchanged(session.paths, reading);
  if ("refused" in commit) {
    if (reading.bytes === undefined) return same;
    const text = formatRefused(same.digest);
    return { ...same, warnings: await tidy(() => data.write("refused", text)) };
  }
  if (!("empty" in commit)) return await fill(commit, writing);
  const clear = () => tidy(() => data.clear());
  if (reading.bytes === undefined) return { ...same, warnings: await clear() };
  return await replace({ bytes: new Uint8Array(), adoptable: false }, writing, [], clear);
}

/** Gives the file content, and keeps and removes beside it what goes with that. */
async function fill(commit: Filling, writing: Writing): Promise<CommitResult> {
  const { data } = writing;
  const plan = planOf(commit, writing);
  const damaged = await keepDamaged(writing);
  const previous = plan.previous === "made" ? await keepPrevious(plan.bytes, writing) : undefined;
  const describedFirst = plan.detailsFirst && plan.details !== undefined;
  const early: StoreWarning[] = [];
  // A kill while the details are written must not cost the token that they are about: that is on the disk first.
  const beforePlacing = async (): Promise<void> => {
    if (describedFirst) early.push(...(await tidy(() => describe(plan, writing))));
  };
  const kept = [damaged, previous?.kept].filter((one) => one !== undefined);
  const result = await replace({ ...plan, beforePlacing }, writing, kept, async () => [
    ...(describedFirst ? [] : await tidy(() => describe(plan, writing))),
    ...(await tidy(() => data.remove("refused"))),
    ...(plan.previous === "used" || previous?.dropOlder
      ? await tidy(() => data.remove("previous.json"))
      : []),
    ...(damaged === undefined ? [] : await tidy(() => data.dropDamagedBut(damaged.path))),
  ]);
  return {
    ...result,
    warnings: [...early, ...(previous?.warnings ?? []), ...result.warnings],
    ...(damaged === undefined ? {} : { damagedCopy: damaged.path }),
  };
}

/**
 * Replaces the file.
 *
 * @param kept - What is of no use when the file is not replaced.
 * @param after - What is left to do beside the file once it is.
 */
async function replace(
  { bytes, adoptable, beforePlacing }: Pick<Plan, "bytes" | "adoptable"> & Pick<Replacement, "beforePlacing">,
  { place, session, reading, signal }: Writing,
  kept: readonly Kept[],
  after: () => Promise<StoreWarning[]>,
): Promise<CommitResult> {
  const { paths, lock } = session;
  const staged = adoptable ? lock.stagedRenewal(reading.state.digest) : lock.staged;
  const where = { paths, lock, system: place.system, expected: reading.bytes };
  // The provider may have taken back the token that a renewal replaces.
  const interrupted = adoptable ? undefined : signal;
  let durable: boolean;
  try {
    durable = await replaceFile(bytes, { ...where, staged, adoptable, beforePlacing, signal: interrupted });
  } catch (error) {
    for (const one of kept) await one.undo();
    throw error;
  }
  session.keepFolder();
  const warnings = await after();
  if (!durable) warnings.push(notDurable(paths.file));
  const { file } = paths;
  return { changed: true, file, previous: reading.state, digest: sha256(bytes), durable, warnings };
}

async function describe({ bytes, details, detailsFirst }: Plan, writing: Writing): Promise<void> {
  const { reading, beside, data } = writing;
  if (details === undefined) return await data.remove("details.json");
  const before = detailsFirst ? beside.details : undefined;
  const replaced = before && { details: before, digest: reading.state.digest };
  await data.write("details.json", formatDetails({ details, digest: sha256(bytes) }, replaced));
}

/** What goes wrong beside the credential is worth a warning only. */
async function tidy(step: () => Promise<unknown>): Promise<StoreWarning[]> {
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
