import { minutes, type WaitView } from "@meshauth/core";
import { clean } from "./clean.js";
import { hyperlink } from "./hyperlink.js";
import { wrap } from "./wrap.js";

/** What decides how a wait looks. */
export interface WaitStyle {
  /** The terminal's width; `undefined` where lines are not fitted to one. */
  readonly columns: number | undefined;
  /** Whether keys and pastes are taken. */
  readonly interactive: boolean;
  /** Whether a key acts at once; without it, with Enter. */
  readonly immediate: boolean;
  readonly hyperlinks: boolean;
  /** Whether the terminal can be asked to copy. */
  readonly copies: boolean;
  /** For a screen reader: the time left changes rarely. */
  readonly accessible: boolean;
}

/** Every line of the block at the bottom fits this width, so that no common resize wraps it. */
const NARROW = 40;

/** The lines above the block: the link on one of its own, what stands in the way, and what to do. */
export function introduction(view: WaitView, style: WaitStyle): string[] {
  const prose = (text: string): string[] => wrap(clean(text), style.columns);
  const where = view.qr ? "in a browser, on any device" : "in a browser";
  const lines = [...prose(`To sign in, open this link ${where}:`), "", linkLine(view, style), ""];
  if (view.code !== undefined) lines.push(...prose(`and enter this code: ${view.code}`), "");
  if (view.obstacle !== undefined) lines.push(...prose(view.obstacle));
  if (view.tunnel !== undefined) {
    // The command stays on a line of its own: it is there to be copied.
    lines.push(
      ...prose(
        "The last page is on this machine. On the computer with your browser, first run this and leave it running:",
      ),
      `  ${clean(view.tunnel)}`,
      ...(view.tunnelNote === undefined ? [] : prose(view.tunnelNote)),
    );
  }
  if (style.interactive && view.paste) {
    lines.push(
      ...prose("If the last page does not load, copy its whole address and paste it here, then press Enter."),
      ...prose("Paste it only here. Nobody will ever ask you for it."),
    );
  }
  if (style.interactive && !style.immediate) lines.push(...prose(lineKeys(view, style)));
  // What is going to be said when the wait has become long need not be said twice.
  if (view.hint !== undefined && !(style.immediate && view.hint === view.late))
    lines.push(...prose(view.hint));
  return lines;
}

/** The link, unwrapped. */
function linkLine(view: Pick<WaitView, "link">, style: Pick<WaitStyle, "hyperlinks">): string {
  const link = clean(view.link);
  return style.hyperlinks ? hyperlink(link) : link;
}

/** The block at the bottom: the keys, and the time left or how much of a paste was taken. */
export function block(view: WaitView, typed: number, style: WaitStyle): string[] {
  const most = Math.max(1, Math.min(style.columns ?? NARROW, NARROW) - 1);
  const status = fitting(statuses(view.timeLeft(), typed, style.accessible), most);
  return style.interactive ? [fitting(keyLines(view, style), most), status] : [status];
}

/** The first that fits; else the last, cut. */
function fitting(lines: readonly string[], most: number): string {
  return lines.find((line) => line.length <= most) ?? (lines.at(-1) ?? "").slice(0, most);
}

/** The last line, from the longest form to the shortest. It is what changes with time. */
function statuses(timeLeft: number, typed: number, accessible: boolean): string[] {
  const left = `${timeText(timeLeft, accessible)} left`;
  if (typed === 0) return [`Waiting for the sign-in: ${left}`, left];
  return [`${typed} ${typed === 1 ? "character" : "characters"} taken, ${left}`, `${typed} taken, ${left}`];
}

/** The keys, from all of them to the ones that are needed most. */
function keyLines(view: WaitView, style: WaitStyle): string[] {
  const keys = [
    ...(view.reopen ? ["Enter=open"] : []),
    ...(style.copies ? ["c=copy"] : []),
    ...(view.qr ? ["r=QR"] : []),
    "q=leave",
    "?=help",
  ];
  return keys.map((_, first) => keys.slice(first).join(" "));
}

function lineKeys(view: WaitView, { copies }: WaitStyle): string {
  const keys = [...(copies ? ["c copies the link"] : []), "q leaves", "? explains"].join(", ");
  return `${view.reopen ? "Enter alone opens the link again. " : ""}With Enter: ${keys}.`;
}

/** What each key does, in sentences, below the link; then what the provider says for when nothing comes back. */
export function help(view: WaitView, style: WaitStyle): string[] {
  const after = style.immediate ? "" : " and Enter";
  const keys = [
    ...(view.reopen ? ["Enter: opens the link again."] : []),
    ...(style.copies ? [`c${after}: copies the link.`] : []),
    ...(view.qr ? [`r${after}: shows the link as a QR code.`] : []),
    `q${after}, or Ctrl-C: leaves, and nothing is changed.`,
    ...(view.paste
      ? [
          "Anything longer is taken as a pasted address or token, and not shown. Enter ends it, Ctrl-U clears it.",
        ]
      : []),
  ];
  const hint = view.hint === undefined ? [] : [clean(view.hint)];
  return [
    "The link:",
    linkLine(view, style),
    ...[...keys, ...hint].flatMap((line) => wrap(line, style.columns)),
  ];
}

/** The time left: to the second, or as rarely changing words. */
export function timeText(milliseconds: number, accessible: boolean): string {
  if (!accessible) return minutes(milliseconds);
  if (milliseconds > 60_000) return `${Math.ceil(milliseconds / 60_000)} minutes`;
  return `${Math.max(0, Math.ceil(milliseconds / 10_000)) * 10} seconds`;
}

/**
 * When to say what to do if the provider keeps the browser: after a minute and at half time; of a short wait at half
 * time only.
 *
 * @param total - Milliseconds of the whole wait.
 * @returns milliseconds from its start, ascending.
 */
export function lateTimes(total: number): number[] {
  const half = total / 2;
  return half < 120_000 ? [Math.min(60_000, half)] : [60_000, half];
}

/** How many lines up the block begins, in a terminal that has folded its lines at this width. */
export function linesAbove(drawn: readonly string[], columns: number): number {
  const rows = drawn.map((line) => Math.max(1, Math.ceil(line.length / Math.max(1, columns))));
  return Math.max(0, rows.reduce((sum, count) => sum + count, 0) - 1);
}
