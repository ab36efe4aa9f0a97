import { MeshauthError } from "../errors/error.js";
import type { Terminal, WaitView } from "../terminal.js";

/** What the process that keeps a login learns from the wait for the browser. */
export interface WaitWatcher {
  begin(view: WaitView): void;
  /** An answer was taken, or the wait has ended otherwise. */
  end(): void;
}

/** The terminal of a process that has none: nobody is asked, and the link goes to whoever started it. */
export function keeperTerminal(watcher: WaitWatcher): Terminal {
  const nobody = async (): Promise<never> => {
    throw new MeshauthError("MESHAUTH_E_INTERACTION", {
      message: "This login asks a question, and nobody can be asked with --start.",
      next: ["Answer it with the provider's flags.", "Run the command without --start on a terminal."],
    });
  };
  return {
    interactive: false,
    // Warnings are part of the outcome; what else is told is for someone who watches.
    notify: () => undefined,
    ask: nobody,
    confirm: nobody,
    choose: nobody,
    readStdin: nobody,
    async wait(view) {
      watcher.begin(view);
      return { opened: () => undefined, end: () => watcher.end() };
    },
  };
}
