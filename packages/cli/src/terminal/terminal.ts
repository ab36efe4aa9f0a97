import { MeshauthError, type Terminal } from "@meshauth/core";
import type { Output } from "../output.js";
import { clean } from "./clean.js";
import { isPlain, paint } from "./color.js";
import type { HiddenInput } from "./hidden-input.js";
import { readAll } from "./stdin.js";
import type { OpenWaitScreen } from "./wait-screen.js";
import { fold } from "./wrap.js";

export interface TerminalOptions {
  readonly output: Output;
  /** Whether questions can be asked. */
  readonly interactive: boolean;
}

/** The terminal of this process. What is for people goes to standard error. */
export function createTerminal({ output, interactive }: TerminalOptions): Terminal {
  let screen: OpenWaitScreen | undefined;
  let muted: HiddenInput | undefined;

  /** A terminal that cannot move its cursor, and a screen reader, get questions in plain lines. */
  async function prompts(message: string): Promise<Pick<Terminal, "ask" | "confirm" | "choose">> {
    if (!interactive) {
      throw new MeshauthError("MESHAUTH_E_INTERACTION", {
        message: `A person would have to answer: ${message}`,
      });
    }
    const found = isPlain() ? await import("./plain-prompts.js") : await import("./prompts.js");
    // Not before: while they load, what is typed would be shown.
    await muted?.unmute();
    muted = undefined;
    return found;
  }

  return {
    interactive,
    notify({ kind, message }) {
      const text = clean(message);
      const line =
        kind === "warning"
          ? paint("yellow", fold(`Warning: ${text}`, process.stderr, "  "))
          : fold(text, process.stderr);
      if (screen) screen.print(line);
      else output.line(line);
    },
    ask: async (question, limit) => (await prompts(question.message)).ask(question, limit),
    confirm: async (question, limit) => (await prompts(question.message)).confirm(question, limit),
    choose: async (question, limit) => (await prompts(question.message)).choose(question, limit),
    async wait(view, leave) {
      const { openWaitScreen } = await import("./wait-screen.js");
      const opened = openWaitScreen({
        view,
        leave,
        output,
        interactive,
        stdin: process.stdin,
        stderr: process.stderr,
        env: process.env,
      });
      screen = opened;
      return {
        opened: (success) => opened.opened(success),
        end(taken = false) {
          if (screen !== opened) return;
          screen = undefined;
          // In raw mode no key makes a signal: this is the one that the terminal would send.
          opened.mute(() => void process.emit("SIGINT", "SIGINT"));
          muted = opened.input;
          if (taken) output.line(`Checking the sign-in ${isPlain() ? "..." : "…"}`);
        },
      };
    },
    async readStdin(limit, stop) {
      // What is typed into a terminal is shown.
      if (process.stdin.isTTY) {
        throw new MeshauthError("MESHAUTH_E_USAGE", {
          message: "Standard input is a terminal, which would show what is typed.",
          why: "A token is read from a file or a pipe.",
          next: ["Add < FILE to the command."],
        });
      }
      return await readAll(process.stdin, limit, stop);
    },
  };
}
