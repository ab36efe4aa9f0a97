import { syncBuiltinESMExports } from "node:module";
import type { Breach } from "../protocol.js";
import { guardFiles } from "./guard-files.js";
import { guardNetwork } from "./guard-network.js";
import { guardPrograms } from "./guard-programs.js";

/** Writes down a breach. */
export type Note = (kind: Breach["kind"], what: string) => void;

/**
 * Watches what this process does past the host. Call it before any code of the provider is loaded.
 *
 * It tells honest mistakes. It is no sandbox: who wants to get around it can.
 */
export function installGuards(note: Note, isOwn: (port: number) => boolean): void {
  guardNetwork(note, isOwn);
  guardFiles(note);
  guardPrograms(note);
  syncBuiltinESMExports();
  // In the program either of them ends the command.
  process.on("unhandledRejection", (reason) =>
    note("strays", `rejected a promise that nobody waits for: ${nameOf(reason)}`),
  );
  process.on("uncaughtException", (error) => note("strays", `threw in the background: ${nameOf(error)}`));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
}
