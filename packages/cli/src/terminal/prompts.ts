import { Writable } from "node:stream";
import * as clack from "@clack/prompts";
import { MeshauthError } from "@meshauth/core";
import type { Choice } from "@meshauth/provider-api";
import { hasColor } from "./color.js";

/** Asks for a line; a secret one is shown as dots. */
export function ask(question: { message: string; secret?: boolean }, signal: AbortSignal): Promise<string> {
  return prompt<string>(signal, (common) =>
    question.secret
      ? clack.password({ message: question.message, mask: "•", ...common })
      : clack.text({ message: question.message, ...common }),
  );
}

export function confirm(
  question: { message: string; initial?: boolean },
  signal: AbortSignal,
): Promise<boolean> {
  return prompt<boolean>(signal, (common) =>
    clack.confirm({ message: question.message, initialValue: question.initial ?? false, ...common }),
  );
}

export function choose(
  question: { message: string; choices: readonly Choice[]; initial?: string },
  signal: AbortSignal,
): Promise<string> {
  return prompt<string>(signal, (common) =>
    clack.select<string>({
      message: question.message,
      options: question.choices.map(({ value, label, hint }) => ({
        value,
        label,
        ...(hint === undefined ? {} : { hint }),
      })),
      ...(question.initial === undefined ? {} : { initialValue: question.initial }),
      ...common,
    }),
  );
}

interface Common {
  readonly input: NodeJS.ReadStream;
  readonly output: Writable;
  readonly signal: AbortSignal;
  readonly withGuide: boolean;
}

/**
 * Runs one prompt on standard error. The library leaves Ctrl-D and the end of input unanswered, so both
 * count as leaving here.
 */
async function prompt<T>(signal: AbortSignal, show: (common: Common) => Promise<T | symbol>): Promise<T> {
  const left = new AbortController();
  const leave = (): void => left.abort();
  const onKey = (_: string, key?: { name?: string; ctrl?: boolean }): void => {
    // Esc would also flip the answer of a yes-or-no question, which is shown once more.
    if ((key?.ctrl && key.name === "d") || key?.name === "escape") leave();
  };
  const { stdin } = process;
  stdin.on("keypress", onKey).once("end", leave);
  try {
    const answer = await show({
      input: stdin,
      output: errorStream(),
      signal: AbortSignal.any([signal, left.signal]),
      withGuide: false,
    });
    signal.throwIfAborted();
    if (typeof answer === "symbol") throw new MeshauthError("MESHAUTH_E_INTERRUPTED");
    return answer;
  } finally {
    stdin.off("keypress", onKey).off("end", leave);
    stdin.pause();
  }
}

/** Standard error with its size; without colour where it has none, which the library does not look at. */
function errorStream(): Writable {
  const { stderr } = process;
  if (hasColor(stderr)) return stderr;
  const plain = new Writable({
    write(chunk, _encoding, done) {
      stderr.write(String(chunk).replace(/\u001b\[[\d;]*m/g, ""), () => done());
    },
  });
  return Object.assign(plain, { isTTY: true, columns: stderr.columns, rows: stderr.rows });
}
