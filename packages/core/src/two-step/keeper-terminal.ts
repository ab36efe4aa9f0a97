import { MeshauthError } from "../errors/error.js";
import { typedWord } from "../login/command-for.js";
import type { Terminal, WaitView } from "../terminal.js";

/** What the process that keeps a login learns from the wait for the browser. */
export interface WaitWatcher {
  begin(view: WaitView): void;
  /** An answer was taken, or the wait has ended otherwise. */
  end(): void;
}

/**
 * The terminal of a process that has none: nobody is asked, and the link goes to whoever started it.
 *
 * @param name - What is typed after `login`.
 */
export function keeperTerminal(name: string, watcher: WaitWatcher): Terminal {
  const login = `meshauth login ${typedWord(name)}`;
  const nobody = async (): Promise<never> => {
    throw new MeshauthError("MESHAUTH_E_INTERACTION", {
      message: "This login asks a question, and nobody can be asked with --start.",
      why: "A flag of the provider may answer it; without --start it is asked on a terminal.",
      next: [`${login} --help`, login],
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
