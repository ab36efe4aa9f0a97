import { flawOfServerName } from "./format/server-name.js";
import type { ServerProvider } from "./meshery-server.js";

/** Whether a listed provider is called `name`, in any letter case: older servers match exactly, people do not. */
export function goesBy(entry: Pick<ServerProvider, "key" | "name">, name: string): boolean {
  return [entry.name, entry.key].some((text) => text.toLowerCase() === name.toLowerCase());
}

/**
 * The name to store for a listed provider: its own, else its key, which newer servers look providers up by.
 *
 * @returns `undefined` when no server could be sent either.
 */
export function storableName(entry: Pick<ServerProvider, "key" | "name">): string | undefined {
  return [entry.name, entry.key].find((text) => flawOfServerName(text) === undefined);
}
