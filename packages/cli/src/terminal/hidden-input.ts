import { isDumb } from "./color.js";

/** What a person types or pastes while nothing of it is shown. */
export interface HiddenInputOptions {
  readonly onLine: (line: string) => void;
  /** How many characters have been taken so far. */
  readonly onLength: (length: number) => void;
  /** Ctrl-C, Ctrl-D, Esc, or the end of input. */
  readonly onLeave: () => void;
}

/** More than any address or token; what is longer is no paste of a person. */
const LONGEST = 128 * 1024;

/** How long a line end may be followed by more of the same paste, where the terminal does not mark pastes. */
const PAUSE_MS = 150;

const PASTE_ON = "\u001b[?2004h";
const PASTE_OFF = "\u001b[?2004l";
const PASTE_START = "\u001b[200~";
const PASTE_END = "\u001b[201~";

/**
 * Reads lines from the terminal without echo. Raw mode, because a terminal in its usual mode echoes, and
 * cuts a line after 4,095 characters. A paste arrives in pieces, and one from a wrapped line has line ends in
 * it: the terminal is asked to mark where a paste begins and ends, and without marks a line is complete when
 * nothing follows its end for a moment. Line ends within a paste are dropped.
 *
 * @param output - Takes the control sequences.
 * @returns the function that gives the terminal back.
 */
export function readHidden(
  stdin: NodeJS.ReadStream,
  output: NodeJS.WritableStream,
  options: HiddenInputOptions,
): () => void {
  let line = "";
  let pasting = false;
  let rest = "";
  let pause: NodeJS.Timeout | undefined;
  const marks = !isDumb();

  function submit(): void {
    const whole = line;
    line = "";
    if (whole !== "") options.onLine(whole);
    options.onLength(0);
  }

  function take(text: string, ended: boolean): void {
    line = edit(line, text);
    options.onLength(line.length);
    if (ended) pause = setTimeout(submit, PAUSE_MS);
  }

  function onData(chunk: Buffer): void {
    clearTimeout(pause);
    if (!pasting && rest === "" && /^[\u0003\u0004\u001b]$/.test(chunk.toString("latin1"))) {
      options.onLeave();
      return;
    }
    // A mark may be cut by the end of a read: what could be its beginning waits for the next.
    const text = rest + chunk.toString("utf8");
    rest = /\u001b(?:\[(?:2(?:0[01]?)?)?)?$/.exec(text)?.[0] ?? "";
    const parts = text.slice(0, text.length - rest.length).split(/(\u001b\[20[01]~)/);
    for (const part of parts) {
      if (part === PASTE_START || part === PASTE_END) pasting = part === PASTE_START;
      else if (!pasting && /[\u0003\u0004]/.test(part)) {
        options.onLeave();
        return;
      } else if (part !== "") take(part, !pasting && /[\r\n]$/.test(part));
    }
  }

  const onEnd = (): void => options.onLeave();
  const unmark = (): void => void (marks && output.write(PASTE_OFF));
  // The terminal forgets raw mode when the program ends at once, but not the marks.
  process.once("exit", unmark);
  stdin.setRawMode(true);
  if (marks) output.write(PASTE_ON);
  stdin.on("data", onData).once("end", onEnd);
  stdin.resume();
  return () => {
    clearTimeout(pause);
    stdin.off("data", onData).off("end", onEnd);
    process.off("exit", unmark);
    unmark();
    stdin.setRawMode(false);
    stdin.pause();
  };
}

/** The line after some keys: backspace takes one character back, Ctrl-U all, other control keys nothing. */
function edit(line: string, keys: string): string {
  let result = line;
  for (const key of keys.replace(/\u001b(?:\[[\d;]*[A-Za-z~]|O.|.)?/g, "")) {
    if (key === "\u007f" || key === "\b") result = result.slice(0, -1);
    else if (key === "\u0015") result = "";
    else if (key >= " " && result.length < LONGEST) result += key;
  }
  return result;
}
