/** What a person types or pastes while nothing of it is shown. */
export interface HiddenInputOptions {
  readonly onLine: (line: string) => void;
  /** How many characters have been taken so far. */
  readonly onLength: (length: number) => void;
  /** Ctrl-C, Ctrl-D, or the end of input. */
  readonly onLeave: () => void;
}

/** More than any address or token; what is longer is no paste of a person. */
const LONGEST = 128 * 1024;

/**
 * Reads lines from the terminal without echo. Raw mode, because a terminal in its usual mode echoes, and
 * cuts a line after 4,095 characters. A paste that was wrapped comes in one piece with line ends in it:
 * they are dropped.
 *
 * @returns the function that gives the terminal back.
 */
export function readHidden(stdin: NodeJS.ReadStream, options: HiddenInputOptions): () => void {
  let line = "";
  const onData = (chunk: Buffer): void => {
    const text = chunk.toString("utf8");
    if (/[\u0003\u0004]/.test(text)) {
      options.onLeave();
      return;
    }
    const end = Math.max(text.lastIndexOf("\r"), text.lastIndexOf("\n"));
    line = edit(line, end < 0 ? text : text.slice(0, end));
    if (end >= 0) {
      const whole = line;
      line = edit("", text.slice(end + 1));
      if (whole !== "") options.onLine(whole);
    }
    options.onLength(line.length);
  };
  const onEnd = (): void => options.onLeave();
  stdin.setRawMode(true);
  stdin.on("data", onData).once("end", onEnd);
  stdin.resume();
  return () => {
    stdin.off("data", onData).off("end", onEnd);
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
