import { isDumb } from "./color.js";
import { drainTerminal, settle } from "./drain.js";
import { LineBuffer } from "./line-buffer.js";

/** The part of a terminal's input that is used. */
export type RawInput = Pick<NodeJS.ReadStream, "on" | "off" | "resume" | "pause" | "setRawMode">;

/** What a person types or pastes while nothing of it is shown. */
export interface HiddenInputOptions {
  readonly onLine: (line: string) => void;
  /** How many characters have been taken so far. */
  readonly onLength: (length: number) => void;
  /** Ctrl-C or Ctrl-D. */
  readonly onLeave: () => void;
  /** The end of input, or its failure; counts as leaving unless it is given. */
  readonly onEnd?: () => void;
  /** Enter, with nothing typed. */
  readonly onEnter?: () => void;
  /** The single keys that act, in lower case. */
  readonly keys?: string;
  /** Whether a key acts at once; without it, with Enter. Default: where the terminal marks pastes. */
  readonly immediate?: boolean;
  readonly onKey?: (key: string) => void;
  /** The program is about to be stopped (Ctrl-Z). */
  readonly onSuspend?: () => void;
  /** It goes on, and the terminal is in raw mode again. */
  readonly onResume?: () => void;
  readonly env?: NodeJS.ProcessEnv;
}

/** Input that is taken without echo. */
export interface HiddenInput {
  /** Gives the terminal back. */
  release(): void;
  /**
   * From now on what is typed or pasted is dropped, and still not shown, until the terminal is given back, at the end
   * of the process at the latest.
   *
   * @param onInterrupt - Ctrl-C, which is no signal while nothing is shown.
   */
  mute(onInterrupt: () => void): void;
  /** Gives a muted terminal back once nothing more is on its way. */
  unmute(): Promise<void>;
}

/** How long a key may be followed by more of a text that begins with its letter. */
const KEY_MS = 100;

/** How long a line end may be followed by more of the same paste, where the terminal does not mark pastes. */
const PAUSE_MS = 150;

/** When to go on by ourselves: the kernel stops no process that nobody could continue. */
const NOT_STOPPED_MS = 100;

const CTRL_C = 0x03;
const CTRL_Z = 0x1a;

const PASTE_ON = "\u001b[?2004h";
const PASTE_OFF = "\u001b[?2004l";

/**
 * Reads lines from the terminal without echo. Raw mode, because a terminal in its usual mode echoes, and
 * cuts a line after 4,095 characters. The terminal is asked to mark where a paste begins and ends; without
 * marks a line is complete when nothing follows its end for a moment.
 *
 * @param output - Takes the control sequences.
 * @returns what gives the terminal back.
 */
export function readHidden(
  stdin: RawInput,
  output: Pick<NodeJS.WritableStream, "write">,
  options: HiddenInputOptions,
): HiddenInput {
  const marks = !isDumb(options.env);
  const buffer = new LineBuffer({ keys: options.keys ?? "", immediate: options.immediate ?? marks });
  let pause: NodeJS.Timeout | undefined;
  let stopped: NodeJS.Timeout | undefined;
  let reading = true;
  let interrupt: (() => void) | undefined;

  function submit(): void {
    const submitted = buffer.submit();
    options.onLength(0);
    if (submitted.kind === "key") options.onKey?.(submitted.key);
    else if (submitted.line !== "") options.onLine(submitted.line);
  }

  function onData(chunk: Buffer): void {
    clearTimeout(pause);
    if (interrupt !== undefined) {
      if (chunk.includes(CTRL_C)) interrupt();
      else if (chunk.includes(CTRL_Z)) suspend();
      return;
    }
    for (const event of buffer.feed(chunk)) {
      if (!reading || interrupt !== undefined) return;
      if (event.kind === "length") options.onLength(event.length);
      else if (event.kind === "ended") pause = setTimeout(submit, PAUSE_MS);
      else if (event.kind === "enter") options.onEnter?.();
      else if (event.kind === "key") pause = setTimeout(submit, KEY_MS);
      else if (event.kind === "suspend") suspend();
      else options.onLeave();
    }
  }

  function grab(): void {
    stdin.setRawMode(true);
    if (marks && interrupt === undefined) output.write(PASTE_ON);
  }

  function giveBack(): void {
    if (marks && interrupt === undefined) output.write(PASTE_OFF);
    stdin.setRawMode(false);
  }

  /** In raw mode Ctrl-Z is a key like others: the stop, of the whole job as a terminal does it, is ours to send. */
  function suspend(): void {
    if (process.platform === "win32" || stopped !== undefined) return;
    options.onSuspend?.();
    giveBack();
    // After a stop this is overdue at once: the signal to go on, which is read in between, has to come first.
    stopped = setTimeout(() => setImmediate(() => stopped !== undefined && goOn()), NOT_STOPPED_MS);
    process.kill(0, "SIGTSTP");
  }

  function goOn(): void {
    clearTimeout(stopped);
    stopped = undefined;
    // After a stop that came from outside, the shell has set the terminal while Node still takes it for raw.
    stdin.setRawMode(false);
    grab();
    options.onResume?.();
  }

  function onEnd(): void {
    if (!reading) return;
    release();
    (options.onEnd ?? options.onLeave)();
  }

  function release(): void {
    if (!reading) return;
    reading = false;
    clearTimeout(pause);
    clearTimeout(stopped);
    stdin.off("data", onData).off("end", onEnd).off("close", onEnd).off("error", onEnd);
    process.off("exit", drop).off("SIGCONT", goOn);
    try {
      giveBack();
    } catch {
      // A terminal that is gone needs nothing back.
    }
    stdin.pause();
  }

  /** The shell gets nothing of what came for us. */
  function drop(): void {
    drainTerminal();
    release();
  }

  function mute(onInterrupt: () => void): void {
    if (!reading) return;
    clearTimeout(pause);
    if (marks) output.write(PASTE_OFF);
    interrupt = onInterrupt;
  }

  async function unmute(): Promise<void> {
    if (reading) await settle(stdin);
    release();
  }

  grab();
  process.once("exit", drop).on("SIGCONT", goOn);
  // A terminal that goes away is an error for the one who reads it, which may come late and must not be thrown.
  stdin.off("error", ignore).on("error", ignore);
  stdin.on("data", onData).on("end", onEnd).on("close", onEnd).on("error", onEnd);
  stdin.resume();
  return { release, mute, unmute };
}

function ignore(): void {}
