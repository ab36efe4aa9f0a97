import { isOn, type WaitScreen, type WaitView } from "@meshauth/core";
import type { Output } from "../output.js";
import { clean } from "./clean.js";
import { copySequence } from "./clipboard.js";
import { isPlain, paint } from "./color.js";
import { type HiddenInput, type RawInput, readHidden } from "./hidden-input.js";
import { hasHyperlinks } from "./hyperlink.js";
import { LiveBlock, type LiveOutput } from "./live-block.js";
import { block, help, introduction, lateTimes, timeText, type WaitStyle } from "./wait-text.js";
import { wrap } from "./wrap.js";

export interface WaitScreenOptions {
  readonly view: WaitView;
  readonly leave: () => void;
  readonly output: Pick<Output, "line">;
  /** Whether keys and pastes are taken. */
  readonly interactive: boolean;
  readonly stdin: RawInput;
  readonly stderr: LiveOutput;
  readonly env: NodeJS.ProcessEnv;
}

/** A wait screen that other lines can be printed above. */
export interface OpenWaitScreen extends Pick<WaitScreen, "opened"> {
  /** Prints a line as it is. */
  print(line: string): void;
  /** After the end: input is still hidden, and dropped. Absent where none is read. */
  readonly input: HiddenInput | undefined;
  /** Takes it off the screen, and leaves the input hidden. @param onInterrupt - Ctrl-C from now on. */
  mute(onInterrupt: () => void): void;
}

const TICK_MS = 1_000;
const REMIND_MS = 60_000;

/** A key that is held down opens one browser. */
const REOPEN_MS = 1_000;

/**
 * The wait for the browser: the link on a line of its own, what to do, and the time left. On a terminal the
 * lowest lines show keys and time, and what is pasted is taken without echo; elsewhere there are plain lines.
 */
export function openWaitScreen(options: WaitScreenOptions): OpenWaitScreen {
  const { view, leave, output, interactive, stdin, stderr, env } = options;
  const live = interactive && !isPlain(env) ? new LiveBlock(stderr) : undefined;
  const total = view.timeLeft();
  // Where it was said with the link, it is said again only when that is long ago.
  const saidBefore = live === undefined && view.hint === view.late;
  const late =
    view.late === undefined ? [] : lateTimes(total).filter((time) => !saidBefore || time >= REMIND_MS);
  let reminded = 0;
  let reopened = Number.NEGATIVE_INFINITY;
  let typed = 0;
  let open = true;
  let suspended = false;
  let told: boolean | undefined;
  let reads = interactive;

  const abilities = {
    immediate: live !== undefined,
    hyperlinks: live !== undefined && hasHyperlinks(stderr, env),
    copies: copySequence("", env) !== undefined,
    accessible: isOn(env["ACCESSIBLE"]),
  };
  const style = (): WaitStyle => ({
    ...abilities,
    columns: live ? stderr.columns || 80 : undefined,
    interactive: reads,
  });

  function draw(): void {
    if (open && !suspended) live?.draw(block(view, typed, style()));
  }

  function print(...lines: readonly string[]): void {
    live?.erase();
    for (const line of lines) output.line(line);
    draw();
  }

  const say = (text: string): void => print(...wrap(clean(text), style().columns));

  function tick(): void {
    const elapsed = total - view.timeLeft();
    if (view.late !== undefined && elapsed >= (late[0] ?? Number.POSITIVE_INFINITY)) {
      while (elapsed >= (late[0] ?? Number.POSITIVE_INFINITY)) late.shift();
      say(view.late);
    }
    if (live) draw();
    else if (elapsed - reminded >= REMIND_MS) {
      reminded = elapsed;
      output.line(`Still waiting: ${timeText(view.timeLeft(), abilities.accessible)} left.`);
    }
  }

  function reopen(): void {
    if (!view.reopen || performance.now() - reopened < REOPEN_MS) return;
    reopened = performance.now();
    view.reopen();
  }

  function copy(): void {
    const sequence = copySequence(clean(view.link), env);
    if (sequence === undefined) {
      say("This terminal cannot be asked to copy: select the link instead.");
      return;
    }
    stderr.write(sequence);
    say("The link was copied, if your terminal allows it. It is for you alone: do not pass it on.");
  }

  async function showQr(): Promise<void> {
    if (!view.qr) {
      say("A QR code is of no use here: the sign-in ends at this machine, which a phone cannot reach.");
      return;
    }
    const { qrCode } = await import("./qr.js");
    const { columns = 80, rows = 24 } = stderr;
    const code = qrCode(clean(view.link), { columns, rows }, live ? 2 : 1);
    if (!open) return;
    if (code.kind === "small") say(code.reason);
    else print(...code.lines);
  }

  function onKey(key: string): void {
    if (key === "q") leave();
    else if (key === "c") copy();
    else if (key === "r") void showQr();
    else print(...help(view, style()));
  }

  function readInput(): HiddenInput {
    return readHidden(stdin, stderr, {
      keys: "cqr?",
      immediate: live !== undefined,
      env,
      onKey,
      onEnter: reopen,
      onLength(length) {
        typed = length;
        draw();
      },
      onLine(line) {
        const refusal = view.paste ? view.paste(line) : "Nothing is pasted here.";
        if (refusal !== undefined) {
          const reason = "That was not taken:";
          const lines = wrap(
            `${reason} ${clean(refusal)} ${view.paste ? "Paste again, or go on" : "Go on"} in the browser.`,
            style().columns,
          );
          print(...lines.map((line) => line.replace(reason, paint("yellow", reason, stderr))));
        }
      },
      onLeave: leave,
      // The browser can still come back.
      onEnd() {
        reads = false;
        typed = 0;
        say("Nothing more can be typed here. Go on in the browser.");
      },
      onSuspend() {
        live?.erase();
        suspended = true;
      },
      onResume() {
        suspended = false;
        live?.forget();
        draw();
      },
    });
  }

  function onResize(): void {
    live?.erase();
    draw();
  }

  function close(): void {
    open = false;
    clearInterval(timer);
    stderr.off("resize", onResize);
    live?.erase();
  }

  // The echo goes off before the link is there to be acted on.
  const input = interactive ? readInput() : undefined;
  for (const line of introduction(view, style())) output.line(line);
  if (!live) output.line(`Waiting for the sign-in: ${timeText(view.timeLeft(), abilities.accessible)} left.`);
  draw();
  const timer = setInterval(tick, TICK_MS);
  if (live) stderr.on("resize", onResize);

  return {
    print: (line) => print(line),
    opened(success) {
      if (!open || success === told) return;
      told = success;
      say(
        success
          ? "Your browser should show the sign-in page now."
          : "No browser could be opened: open the link yourself.",
      );
    },
    input,
    mute(onInterrupt) {
      if (!open) return;
      input?.mute(onInterrupt);
      close();
    },
  };
}
