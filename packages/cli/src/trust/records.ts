import { join } from "node:path";
import { digestOf } from "./digest.js";
import { modulesOf, type TrustPlace } from "./standing.js";
import { readTrust, type TrustRecord, writeTrust } from "./trust-file.js";

/** Changes the record of one plugin; `undefined` takes it away. Only while no other process changes the plugins. */
export async function putRecord(
  { dataDir, uid }: TrustPlace,
  name: string,
  record: TrustRecord | undefined,
): Promise<void> {
  const { records, problem } = await readTrust(dataDir, uid);
  if (record === undefined && problem === undefined && !records.has(name)) return;
  const others = [...records].filter(([other]) => other !== name);
  await writeTrust(dataDir, new Map(record === undefined ? others : [...others, [name, record]]));
}

/**
 * Runs a change of ours that may move what several plugins share. The others that were in order before are so
 * afterwards; one whose files had been changed by somebody stays noticed.
 *
 * @param name - The plugin that is changed itself.
 */
export async function keepingOthers<T>(
  place: TrustPlace,
  name: string,
  change: () => Promise<T>,
): Promise<T> {
  const intact = await intactSharers(place, name);
  const result = await change();
  const { records } = await readTrust(place.dataDir, place.uid);
  const next = new Map(records);
  for (const other of intact) {
    const record = records.get(other);
    const digest = await digestNow(place, other);
    if (record && digest !== undefined) next.set(other, { ...record, digest: digest.digest });
  }
  if ([...next].some(([other, { digest }]) => records.get(other)?.digest !== digest)) {
    await writeTrust(place.dataDir, next);
  }
  return result;
}

/** The plugins that need packages outside their own folder, and are as they were installed. */
async function intactSharers(place: TrustPlace, name: string): Promise<readonly string[]> {
  const { records } = await readTrust(place.dataDir, place.uid);
  const found: string[] = [];
  for (const [other, { digest }] of records) {
    if (other === name) continue;
    const now = await digestNow(place, other);
    if (now?.shares && now.digest === digest) found.push(other);
  }
  return found;
}

async function digestNow(
  { dataDir }: TrustPlace,
  name: string,
): Promise<Awaited<ReturnType<typeof digestOf>> | undefined> {
  try {
    return await digestOf(join(modulesOf(dataDir), name), modulesOf(dataDir));
  } catch {
    return undefined;
  }
}
