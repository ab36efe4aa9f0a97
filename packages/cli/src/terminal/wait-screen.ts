import { minutes, type WaitScreen, type WaitView } from "@meshauth/core";
import type { Output } from "../output.js";
import { isDumb, paint } from "./color.js";
import { readHidden } from "./hidden-input.js";

export interface WaitScreenOptions {
  readonly view: WaitView;
  readonly leave: () => void;
  readonly output: Output;
  readonly interactive: boolean;
}

/** A wait screen that other lines can be printed above. */
export interface OpenWaitScreen extends WaitScreen {
  print(line: string): void;
}

const REDRAW_MS = 1_000;
const REMIND_MS = 60_000;

/**
 * The wait for the browser: the link on a line of its own, what to do, and the time left. On a terminal the
 * last line counts down and what is pasted is taken without echo; elsewhere there are plain lines.
 */
export function openWaitScreen({ view, leave, output, interactive }: WaitScreenOptions): OpenWaitScreen {
  const live = interactive && !isDumb();
  let open = true;
  let shown = false;
  let typed = 0;

  function print(text = ""): void {
    if (live) process.stderr.write("\r\u001b[K");
    output.line(text);
    draw();
  }

  function draw(): void {
    if (!live || !open || !shown) return;
    const taken = typed > 0 ? `, ${typed} characters pasted` : "";
    const line = `Waiting for the sign-in: ${minutes(view.timeLeft())} left${taken} (Ctrl-C leaves) `;
    process.stderr.write(`\r\u001b[K${line.slice(0, Math.max(10, (process.stderr.columns || 80) - 1))}`);
  }

  // The echo goes off before the link is there to be acted on.
  const release = interactive ? readInput() : () => undefined;
  for (const line of introduction(view, interactive)) output.line(line);
  if (!live) output.line(`Waiting for the sign-in: ${minutes(view.timeLeft())} left.`);
  shown = true;
  draw();
  const timer = setInterval(
    () => (live ? draw() : output.line(`Still waiting: ${minutes(view.timeLeft())} left.`)),
    live ? REDRAW_MS : REMIND_MS,
  );

  function readInput(): () => void {
    return readHidden(process.stdin, process.stderr, {
      onLength(length) {
        typed = length;
        draw();
      },
      onLine(line) {
        const refusal = view.paste(line);
        if (refusal !== undefined) {
          print(`${paint("yellow", "That was not taken:")} ${refusal} Paste again, or go on in the browser.`);
        }
      },
      onLeave: leave,
    });
  }

  return {
    print,
    opened(success) {
      if (!open) return;
      print(
        success
          ? "Your browser should show the sign-in page now."
          : "No browser could be opened: open the link yourself.",
      );
    },
    end() {
      if (!open) return;
      open = false;
      clearInterval(timer);
      release();
      if (live) process.stderr.write("\r\u001b[K");
    },
  };
}

function introduction(view: WaitView, interactive: boolean): string[] {
  const lines = ["To sign in, open this link in a browser:", "", view.link, ""];
  if (view.obstacle !== undefined) lines.push(view.obstacle);
  if (view.tunnel !== undefined) {
    lines.push(
      "The page that ends the sign-in is on this machine. To reach it, run this on your own first:",
      `  ${view.tunnel}`,
    );
  }
  if (interactive) {
    lines.push("If the last page does not load, copy its whole address and paste it here, then press Enter.");
    lines.push("Paste it only here. Nobody from Layer5 or Meshery will ask you for it.");
  }
  if (view.hint !== undefined) lines.push(view.hint);
  return lines;
}
