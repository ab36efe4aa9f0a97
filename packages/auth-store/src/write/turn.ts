import { readBeside } from "../beside/beside.js";
import { DataFolder } from "../beside/data-folder.js";
import type { Turn } from "../commit.js";
import type { Place } from "../place.js";
import { readState } from "../read/state.js";
import type { Session } from "../session.js";
import { attemptTo } from "../system-error.js";
import { prove } from "./prove.js";
import type { Writing } from "./write.js";

/** What a writer has read under the lock, and what its decision is offered. */
export interface TakenTurn extends Writing {
  readonly offered: Turn;
}

/** Reads the file and what is kept about it. @throws {@link StoreError}; the signal's reason. */
export async function takeTurn(
  place: Place,
  session: Session,
  signal: AbortSignal | undefined,
): Promise<TakenTurn> {
  const { system } = place;
  const { paths, lock } = session;
  const reading = await readState(paths.file, system, signal);
  const data = new DataFolder(place.dataDir, paths.file, system);
  const beside = await readBeside(data, reading.state.digest, system.now());
  const expectation = { paths, lock, system, expected: reading.bytes };
  const offered: Turn = {
    details: beside.details,
    previous: beside.previous?.shown,
    refused: beside.refused,
    detailsFailure: beside.detailsFailure,
    prove: () => attemptTo("written", paths.file, () => prove(expectation)),
  };
  return { place, session, reading, beside, data, signal, offered };
}
