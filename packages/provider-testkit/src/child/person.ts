import { MeshauthError, type Terminal } from "@meshauth/core";
import type { Plan } from "../protocol.js";
import type { Recorder } from "./recorder.js";

/** A provider that asks the same again and again is stopped. */
const MOST_QUESTIONS = 50;

/** The person of a try: there with answers in their order, not there at all, or leaving at the first question. */
export interface Person {
  readonly terminal: Terminal;
  /** Pastes a text into the wait for the browser. @returns Why it was refused. */
  paste(text: string): string | undefined;
}

/** @param onLink - Told when the wait for the browser has begun, with the link that a person would see. */
export function createPerson(plan: Plan, recorder: Recorder, onLink: (link: string) => void): Person {
  const queues = {
    ask: [...(plan.answers.ask ?? [])],
    confirm: [...(plan.answers.confirm ?? [])],
    choose: [...(plan.answers.choose ?? [])],
  };
  let asked = 0;
  let paste: ((text: string) => string | undefined) | undefined;

  function answer<T>(queue: T[], question: string): T {
    asked += 1;
    if (asked > MOST_QUESTIONS) recorder.breach("strays", `asked more than ${MOST_QUESTIONS} questions`);
    if (plan.person === "absent") throw new MeshauthError("MESHAUTH_E_INTERACTION");
    if (plan.person === "leaves" || asked > MOST_QUESTIONS) throw new MeshauthError("MESHAUTH_E_INTERRUPTED");
    const next = queue.shift();
    if (next !== undefined) return next;
    recorder.unanswered(question);
    throw new MeshauthError("MESHAUTH_E_INTERRUPTED");
  }

  const terminal: Terminal = {
    interactive: plan.person !== "absent",
    notify: () => undefined,
    ask: async ({ message }) => answer(queues.ask, message),
    confirm: async ({ message }) => answer(queues.confirm, message),
    async choose({ message, choices }) {
      const value = answer(queues.choose, message);
      if (choices.some((choice) => choice.value === value)) return value;
      recorder.unanswered(`${message} (there is no choice of the value that the example gives)`);
      throw new MeshauthError("MESHAUTH_E_INTERRUPTED");
    },
    readStdin: async (limit) => {
      const bytes = plan.person === "leaves" ? Buffer.alloc(0) : Buffer.from(plan.stdin, "base64");
      return bytes.subarray(0, limit + 1);
    },
    async wait(view) {
      paste = view.paste === undefined ? undefined : (text) => view.paste?.(text);
      // A device login waits for its server, and nobody comes back to this machine.
      if (view.paste !== undefined) onLink(view.link);
      return { opened: () => undefined, end: () => undefined };
    },
  };
  return {
    terminal,
    paste: (text) => (paste ? paste(text) : "Nothing waits for the browser."),
  };
}
