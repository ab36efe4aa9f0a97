import { MeshauthError, type Notice, type Secrets, type Terminal } from "@meshauth/core";
import type { Output } from "../output.js";
import { paint } from "./color.js";
import { readAll } from "./stdin.js";
import { openWaitScreen } from "./wait-screen.js";

export interface TerminalOptions {
  readonly output: Output;
  readonly secrets: Secrets;
  /** Whether the command line forbids questions. */
  readonly noInput: boolean;
  /** Ends the program as Ctrl-C does. */
  readonly interrupt: () => void;
}

const MARKS: Record<Notice["kind"], string> = { step: "", plain: "", warning: "Warning: " };

/** The terminal of this process. What is for people goes to standard error. */
export function createTerminal(options: TerminalOptions): Terminal {
  const { output } = options;
  const interactive = isInteractive(options.noInput);

  function requirePerson(message: string): void {
    if (interactive) return;
    throw new MeshauthError("MESHAUTH_E_INTERACTION", {
      message: `A person would have to answer: ${message}`,
    });
  }

  return {
    interactive,
    notify({ kind, message }) {
      output.line(
        kind === "warning" ? paint("yellow", `${MARKS[kind]}${message}`) : `${MARKS[kind]}${message}`,
      );
    },
    async ask(question, signal) {
      requirePerson(question.message);
      const { ask } = await import("./prompts.js");
      return ask(question, signal);
    },
    async confirm(question, signal) {
      requirePerson(question.message);
      const { confirm } = await import("./prompts.js");
      return confirm(question, signal);
    },
    async choose(question, signal) {
      requirePerson(question.message);
      const { choose } = await import("./prompts.js");
      return choose(question, signal);
    },
    wait: (view, leave) => openWaitScreen({ view, leave, output, interactive }),
    readStdin: (limit, signal) => readAll(process.stdin, limit, signal),
  };
}

/** The rule for prompts: both ends are terminals, `CI` is unset and nothing forbids it. */
function isInteractive(noInput: boolean): boolean {
  const ci = process.env["CI"] ?? "";
  const inCi = ci !== "" && ci !== "0" && ci.toLowerCase() !== "false";
  return Boolean(process.stdin.isTTY && process.stderr.isTTY) && !inCi && !noInput;
}
