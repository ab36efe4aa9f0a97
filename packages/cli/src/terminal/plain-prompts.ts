import { createInterface } from "node:readline/promises";
import { MeshauthError } from "@meshauth/core";
import type { Choice } from "@meshauth/provider-api";
import { readHidden } from "./hidden-input.js";

/** Asks for a line; a secret one is not shown. */
export async function ask(
  question: { message: string; secret?: boolean },
  signal: AbortSignal,
): Promise<string> {
  return question.secret
    ? await askHidden(question.message, signal)
    : await askLine(question.message, signal);
}

/** Asks until the answer is yes, no or nothing, which is `initial`. */
export async function confirm(
  question: { message: string; initial?: boolean },
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    const line = await askLine(`${question.message} (${question.initial ? "Y/n" : "y/N"})`, signal);
    const answer = line.trim().toLowerCase();
    if (answer === "") return question.initial ?? false;
    if (/^y(es)?$/.test(answer)) return true;
    if (/^no?$/.test(answer)) return false;
    process.stderr.write("Please answer y or n.\n");
  }
}

/** A numbered list. An empty answer takes the first, or the one that is set as initial. */
export async function choose(
  question: { message: string; choices: readonly Choice[]; initial?: string },
  signal: AbortSignal,
): Promise<string> {
  const { choices } = question;
  const initial =
    Math.max(
      0,
      choices.findIndex(({ value }) => value === question.initial),
    ) + 1;
  const lines = choices.map(
    ({ label, hint }, index) => `  ${index + 1}. ${label}${hint ? ` (${hint})` : ""}`,
  );
  process.stderr.write(`${[question.message, ...lines].join("\n")}\n`);
  for (;;) {
    const answer = (await askLine(`Number [${initial}]:`, signal)).trim() || String(initial);
    const chosen = /^\d{1,4}$/.test(answer) ? choices[Number(answer) - 1] : undefined;
    if (chosen) return chosen.value;
    process.stderr.write(`Please give a number from 1 to ${choices.length}.\n`);
  }
}

async function askLine(message: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const left = new AbortController();
  lines.once("close", () => left.abort());
  try {
    return await lines.question(`${message} `, { signal: AbortSignal.any([signal, left.signal]) });
  } catch {
    process.stderr.write("\n");
    signal.throwIfAborted();
    throw new MeshauthError("MESHAUTH_E_INTERRUPTED");
  } finally {
    lines.close();
  }
}

async function askHidden(message: string, signal: AbortSignal): Promise<string> {
  process.stderr.write(`${message} (not shown) `);
  let release = (): void => undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      const onAbort = (): void => reject(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      ({ release } = readHidden(process.stdin, process.stderr, {
        onLine: resolve,
        onLength: () => undefined,
        onLeave: () => reject(new MeshauthError("MESHAUTH_E_INTERRUPTED")),
      }));
    });
  } finally {
    release();
    process.stderr.write("\n");
  }
}
