import { closeSync, ftruncateSync, openSync, statSync, writeSync } from "node:fs";
import type { World } from "./world.js";

/** What a mesheryctl write did. */
export interface Write {
  readonly text: string;
  /** Unix time in milliseconds, when it had ended. */
  readonly at: number;
}

/** Writes as mesheryctl does: in place, without a lock; the file is empty for a moment. */
export function writeInPlace({ home }: Pick<World, "home">, text: string): Write {
  const file = openSync(home.authJson, "r+");
  try {
    ftruncateSync(file);
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
  return { text, at: performance.timeOrigin + performance.now() };
}

/** The text of mesheryctl's login. */
export function loginText(token: string): string {
  return `{"meshery-provider":"Layer5","token":"${token}"}`;
}

/** When the file that is there now was renamed to its name, in Unix milliseconds. */
export function renamedAt({ home }: Pick<World, "home">): number {
  return statSync(home.authJson).ctimeMs;
}
