import type { MeshauthError } from "../errors/error.js";
import { broken } from "./import.js";
import type { InstalledProvider } from "./types.js";

/** The part of Node's `process` that is needed to notice an end. */
export interface Exiting {
  exitCode?: number | string | null | undefined;
  once(event: "exit", listener: () => void): unknown;
  removeListener(event: "exit", listener: () => void): unknown;
}

/**
 * Notices when the process ends while a provider is at work: code that calls `process.exit` would
 * otherwise end the program without a word and with whatever exit code it likes.
 *
 * @param report - Renders the error; synchronous, as nothing else runs any more.
 * @returns Ends the watch. To be called as soon as the provider is done.
 * @example
 * const done = watchExit(installed, process, (error) => writeSync(2, error.message));
 * try { await provider.login(request, host); } finally { done(); }
 */
export function watchExit(
  installed: InstalledProvider,
  process: Exiting,
  report: (error: MeshauthError) => void,
): () => void {
  const onExit = () => {
    const error = broken(installed, "Its code ended the program.");
    process.exitCode = error.exitCode;
    report(error);
  };
  process.once("exit", onExit);
  return () => {
    process.removeListener("exit", onExit);
  };
}
