import { PassThrough } from "node:stream";
import type { WaitView } from "@meshauth/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type OpenWaitScreen, openWaitScreen } from "../../src/terminal/wait-screen.js";

const LINK = "https://cloud.example.com/login?source=aHR0cDovL2xvY2FsaG9zdA";
const LATE = "If the browser shows a dashboard, sign out there.";

interface Opened {
  readonly screen: OpenWaitScreen;
  readonly stdin: PassThrough;
  readonly left: () => number;
  /** How often the link was opened again. */
  readonly reopened: () => number;
  /** What was printed since the last call. */
  printed(): string;
  readonly raw: () => boolean;
}

interface OpenOptions {
  readonly view?: Partial<WaitView>;
  readonly interactive?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly limit?: number;
}

let opened: Opened | undefined;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  if (opened) end(opened.screen);
  vi.useRealTimers();
});

/** Ends a wait as the program does: off the screen, and later the terminal is given back. */
function end(screen: Opened["screen"]): void {
  screen.mute(() => undefined);
  screen.input?.release();
}

/** A wait on streams in place of a terminal. */
function open({ view = {}, interactive = true, env = {}, limit = 300_000 }: OpenOptions = {}): Opened {
  const start = performance.now();
  let [left, reopened, raw, text] = [0, 0, false, ""];
  const stdin = Object.assign(new PassThrough(), {
    setRawMode(mode: boolean) {
      raw = mode;
      return stdin as unknown as NodeJS.ReadStream;
    },
  });
  const stderr = Object.assign(new PassThrough(), { isTTY: true as const, columns: 80, rows: 24 });
  stderr.write = (chunk: unknown) => {
    text += String(chunk);
    return true;
  };
  const screen = openWaitScreen({
    view: {
      link: LINK,
      timeLeft: () => limit - (performance.now() - start),
      paste: () => "No.",
      reopen: () => (reopened += 1),
      late: LATE,
      ...view,
    },
    leave: () => (left += 1),
    output: {
      line(line) {
        text += `${line}\n`;
      },
    },
    interactive,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    env: { TERM: "xterm", NO_COLOR: "1", ...env },
  });
  opened = {
    screen,
    stdin,
    left: () => left,
    reopened: () => reopened,
    raw: () => raw,
    printed() {
      const printed = text;
      text = "";
      return printed;
    },
  };
  return opened;
}

async function type(stdin: PassThrough, keys: string): Promise<void> {
  stdin.write(keys);
  await new Promise((resolve) => setImmediate(resolve));
}

test("after a minute, and once more at half time, it says what to do when nothing comes back", () => {
  const { printed } = open();
  const told: number[] = [];
  for (let second = 1; second < 300; second += 1) {
    vi.advanceTimersByTime(1_000);
    if (printed().includes(LATE)) told.push(second);
  }
  expect(told).toEqual([60, 150]);
});

test.each([{ interactive: false }, { env: { TERM: "dumb" } }])(
  "in plain lines %j, with a reminder a minute",
  (options) => {
    const { printed } = open(options);
    expect(printed()).toMatch(/^Waiting for the sign-in: 5:00 left\.$/m);
    vi.advanceTimersByTime(299_000);
    const text = printed();
    expect(text.match(/^Still waiting: \d:00 left\.$/gm)).toHaveLength(4);
    expect(text.split(LATE)).toHaveLength(3);
    expect(text).not.toMatch(/[\u001b\r]/);
  },
);

test("ACCESSIBLE: plain lines, and a key acts with Enter", async () => {
  const { printed, stdin, left } = open({ env: { ACCESSIBLE: "1" }, limit: 180_000, view: { late: "" } });
  expect(printed()).toMatch(/^Waiting for the sign-in: 3 minutes left\.$/m);
  vi.advanceTimersByTime(119_000);
  expect(printed().trim()).toBe("Still waiting: 2 minutes left.");
  await type(stdin, "q");
  vi.advanceTimersByTime(500);
  expect(left()).toBe(0);
  await type(stdin, "\r");
  vi.advanceTimersByTime(500);
  expect(left()).toBe(1);
});

test("a key acts when nothing follows it; what follows makes it text", async () => {
  const pasted: string[] = [];
  const paste = (text: string) => void pasted.push(text);
  const { stdin, left } = open({ view: { paste } });
  for (const character of "qr?c\r") {
    await type(stdin, character);
    vi.advanceTimersByTime(60);
  }
  vi.advanceTimersByTime(500);
  expect([pasted, left()]).toEqual([["qr?c"], 0]);
  await type(stdin, "q");
  vi.advanceTimersByTime(60);
  expect(left()).toBe(0);
  vi.advanceTimersByTime(60);
  expect(left()).toBe(1);
});

test("Esc does nothing, and a mark that is cut behind it stays a mark", async () => {
  const pasted: string[] = [];
  const { stdin, left } = open({ view: { paste: (text) => void pasted.push(text) } });
  await type(stdin, "\u001b");
  vi.advanceTimersByTime(5_000);
  await type(stdin, "[200~q\u001b[201~\r");
  vi.advanceTimersByTime(500);
  expect(left()).toBe(1);
  await type(stdin, "\u001b");
  vi.advanceTimersByTime(200);
  await type(stdin, "[200~some\rtext\u001b[201~\r");
  vi.advanceTimersByTime(500);
  expect(pasted).toEqual(["sometext"]);
});

test("what the browser does is told once, and again when it changes", () => {
  const { screen, printed } = open();
  for (const success of [true, true, false, false, true]) screen.opened(success);
  const text = printed();
  expect(text.match(/Your browser should show/g)).toHaveLength(2);
  expect(text.match(/No browser could be opened/g)).toHaveLength(1);
});

test("muted, it drops what comes, unshown, until it is given back", async () => {
  const pasted: string[] = [];
  let interrupts = 0;
  const { screen, stdin, raw, left, printed } = open({ view: { paste: (text) => void pasted.push(text) } });
  const listeners = process.listenerCount("exit");
  screen.mute(() => (interrupts += 1));
  expect(printed()).toMatch(/\u001b\[\?2004l/);
  await type(stdin, "\u001b[200~token\u001b[201~\r");
  await type(stdin, "q");
  vi.advanceTimersByTime(2_000);
  expect([pasted, left(), raw(), printed()]).toEqual([[], 0, true, ""]);
  await type(stdin, "\u0003");
  expect(interrupts).toBe(1);
  const given = screen.input?.unmute();
  vi.advanceTimersByTime(40);
  await type(stdin, "late");
  vi.advanceTimersByTime(40);
  expect(raw()).toBe(true);
  vi.advanceTimersByTime(40);
  await given;
  expect([raw(), vi.getTimerCount(), process.listenerCount("exit")]).toEqual([false, 0, listeners - 1]);
});

test("Enter opens the link again, once for a key that is held", async () => {
  const { stdin, reopened, screen, printed } = open();
  for (let times = 0; times < 3; times += 1) await type(stdin, "\r");
  expect(reopened()).toBe(1);
  vi.advanceTimersByTime(1_500);
  await type(stdin, "\r");
  expect(reopened()).toBe(2);
  screen.opened(false);
  expect(printed()).toContain("No browser could be opened");
});

test("the end of input does not end the wait", async () => {
  const { stdin, left, printed, raw, screen } = open();
  expect(raw()).toBe(true);
  stdin.end();
  await vi.waitFor(() => expect(printed()).toContain("Nothing more can be typed here"));
  expect([left(), raw()]).toEqual([0, false]);
  vi.advanceTimersByTime(1_000);
  expect(printed()).toContain("left");
  end(screen);
  expect(vi.getTimerCount()).toBe(0);
});

test("a terminal that fails while it is read does not end the wait", async () => {
  const { stdin, left, printed } = open();
  stdin.destroy(Object.assign(new Error("read EIO"), { code: "EIO" }));
  await vi.waitFor(() => expect(printed()).toContain("Nothing more can be typed here"));
  expect(left()).toBe(0);
});

test("r draws the QR code where it fits and is of use", async () => {
  const { stdin, printed } = open({ view: { qr: true, link: "https://a.example/" } });
  expect(printed()).toContain("r=QR");
  await type(stdin, "r");
  await vi.waitFor(() => expect(printed()).toMatch(/█[▀▄ ]/));
});

test("r in a terminal that is too small says so", async () => {
  const { stdin, printed } = open({ view: { qr: true, link: `https://a.example/${"x".repeat(400)}` } });
  await type(stdin, "r");
  await vi.waitFor(() => expect(printed()).toMatch(/QR code needs \d+ columns and \d+ rows/));
});

test("A07: a refusal and a late text are shown without control characters", async () => {
  const hostile = "a\u001b]0;t\u0007b\u202ec";
  const { stdin, printed } = open({ view: { paste: () => hostile, late: hostile } });
  await type(stdin, "\u001b[200~text\u001b[201~\r");
  vi.advanceTimersByTime(61_000);
  const text = printed();
  expect(text.split("a]0;tbc")).toHaveLength(3);
  expect(text).not.toMatch(/\u001b\]|\u0007|\u202e/);
});

test("nothing is drawn after the end", () => {
  const { screen, printed, raw } = open();
  end(screen);
  expect(printed()).toMatch(/\u001b\[J$/);
  vi.advanceTimersByTime(120_000);
  screen.opened(true);
  expect([printed(), raw(), vi.getTimerCount()]).toEqual(["", false, 0]);
});
