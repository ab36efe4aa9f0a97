import type { WaitView } from "@meshauth/core";
import { describe, expect, test } from "vitest";
import { copySequence } from "../../src/terminal/clipboard.js";
import { hyperlink } from "../../src/terminal/hyperlink.js";
import { qrCode } from "../../src/terminal/qr.js";
import {
  block,
  help,
  introduction,
  lateTimes,
  linesAbove,
  timeText,
  type WaitStyle,
} from "../../src/terminal/wait-text.js";
import { wrap } from "../../src/terminal/wrap.js";

const LINK = `https://cloud.example.com/login?source=${"aHR0".repeat(30)}`;
const STYLE: WaitStyle = {
  columns: 80,
  interactive: true,
  immediate: true,
  hyperlinks: false,
  copies: true,
  accessible: false,
};

function view(more: Partial<WaitView> = {}): WaitView {
  return { link: LINK, timeLeft: () => 245_000, paste: () => undefined, ...more };
}

const FULL = view({
  obstacle: "This is an SSH session: the browser of this machine is not the one in front of you.",
  tunnel: "ssh -N -L 38677:localhost:38677 mira@machine.example.com",
  hint: "A hint that is a good deal longer than the forty columns of a narrow terminal.",
  qr: true,
  reopen: () => undefined,
});

describe("the introduction", () => {
  test("folds prose at spaces, and neither the link nor the command", () => {
    const lines = introduction(FULL, { ...STYLE, columns: 40 });
    expect(lines).toContain(LINK);
    expect(lines).toContain(`  ${FULL.tunnel}`);
    const prose = lines.filter((line) => line !== LINK && !line.includes("ssh -N"));
    for (const line of prose) expect(line.length).toBeLessThan(40);
    expect(prose.join(" ")).toContain(`${FULL.obstacle} The last page`);
  });

  test("off a terminal nothing is folded, and nothing is said of pasting", () => {
    const lines = introduction(FULL, { ...STYLE, columns: undefined, interactive: false });
    expect(lines).toEqual(expect.arrayContaining([FULL.obstacle, FULL.hint, LINK]));
    expect(lines.join("\n")).not.toMatch(/paste|leaves/i);
  });

  test("A07: what is handed in is shown without characters that act on a terminal", () => {
    const hostile = "a\u001b]0;title\u0007b\u202ec\u009bd\r\u0000";
    const given = view({ obstacle: hostile, tunnel: hostile, hint: hostile, link: hostile });
    for (const style of [STYLE, { ...STYLE, hyperlinks: true }]) {
      const text = [...introduction(given, style), ...help(given, style)]
        .join(" ")
        .replace(hyperlink("a]0;titlebcd"), "a]0;titlebcd")
        .replace(hyperlink("a]0;titlebcd"), "a]0;titlebcd");
      expect(text.split("a]0;titlebcd")).toHaveLength(7);
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });
});

describe("the block", () => {
  test.each([200, 80, 41, 40, 30, 20, 10, 2])("fits %s columns, and a common narrow terminal", (columns) => {
    for (const typed of [0, 1, 131_072]) {
      for (const line of block(FULL, typed, { ...STYLE, columns })) {
        expect(line.length).toBeLessThan(Math.min(40, columns));
      }
    }
  });

  test("40 columns: all of it", () => {
    expect(block(FULL, 0, { ...STYLE, columns: 40 })).toEqual([
      "Enter=open c=copy r=QR q=leave ?=help",
      "Waiting for the sign-in: 4:05 left",
    ]);
  });

  test("names only the keys that do something", () => {
    expect(block(view(), 0, { ...STYLE, copies: false })[0]).toBe("q=leave ?=help");
    expect(block(view(), 0, { ...STYLE, interactive: false })).toEqual([
      "Waiting for the sign-in: 4:05 left",
    ]);
    expect(help(view(), { ...STYLE, copies: false }).join("\n")).not.toMatch(/^(?:Enter|c|r)\b.*: /m);
  });

  test("explains what to do when nothing comes back, without waiting for that", () => {
    const said = help(view({ hint: FULL.hint ?? "", late: FULL.hint ?? "" }), STYLE);
    expect(said.join(" ")).toContain(FULL.hint);
  });
});

test("linesAbove counts what a narrower terminal folds", () => {
  expect(linesAbove(["a".repeat(37), "b".repeat(34)], 40)).toBe(1);
  expect(linesAbove(["a".repeat(37), "b".repeat(34)], 20)).toBe(3);
  expect(linesAbove(["a".repeat(20), "b"], 20)).toBe(1);
});

test.each([
  [245_000, "4:05", "5 minutes"],
  [60_001, "1:01", "2 minutes"],
  [60_000, "1:00", "60 seconds"],
  [41_000, "0:41", "50 seconds"],
  [0, "0:00", "0 seconds"],
])("%s ms are %s, and %s for a screen reader", (milliseconds, text, accessible) => {
  expect([timeText(milliseconds, false), timeText(milliseconds, true)]).toEqual([text, accessible]);
});

test.each([
  [300_000, [60_000, 150_000]],
  [900_000, [60_000, 450_000]],
  [180_000, [60_000]],
  [90_000, [45_000]],
])("a wait of %s ms tells late at %j", (total, times) => {
  expect(lateTimes(total)).toEqual(times);
});

test("wrap keeps a word that is too long whole", () => {
  expect(wrap(`see ${"x".repeat(50)} there`, 20)).toEqual(["see", "x".repeat(50), "there"]);
});

describe("copying", () => {
  const osc = `\u001b]52;c;${Buffer.from(LINK).toString("base64")}\u0007`;

  test.each([["dumb"], ["linux"], ["vt220"], [""]])("TERM=%j is not asked", (TERM) => {
    expect(copySequence(LINK, { TERM })).toBeUndefined();
  });

  test("a terminal is asked as it is, tmux and screen so that they pass it on", () => {
    expect(copySequence(LINK, { TERM: "xterm-256color" })).toBe(osc);
    expect(copySequence(LINK, { TERM: "screen-256color", TMUX: "/run/tmux,1,0" })).toBe(
      `${osc}\u001bPtmux;\u001b${osc}\u001b\\`,
    );
    const passed = copySequence(LINK, { TERM: "screen", STY: "1.pts" }) ?? "";
    const pieces = [...passed.matchAll(/\u001bP([\s\S]*?)\u001b\\/g)].map(([, piece = ""]) => piece);
    expect(pieces.join("")).toBe(osc);
    expect(pieces.length).toBeGreaterThan(1);
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(76);
  });
});

test("a link that could end the sequence early is no hyperlink", () => {
  expect(hyperlink(LINK)).toContain(`\u001b]8;id=meshauth;${LINK}\u001b\\${LINK}\u001b]8;;\u001b\\`);
  for (const link of ["https://a.example/ b", "https://ä.example/", `https://a/${"x".repeat(3_000)}`]) {
    expect(hyperlink(link)).toBe(link);
  }
});

describe("the QR code", () => {
  test("fits the size it asks for, and one column or row less it does not", () => {
    const small = qrCode(LINK, { columns: 40, rows: 10 }, 2);
    if (small.kind !== "small") throw new Error("It cannot fit.");
    const [, columns = 0, rows = 0] = (/(\d+) columns and (\d+) rows/.exec(small.reason) ?? []).map(Number);
    const code = qrCode(LINK, { columns, rows }, 2);
    if (code.kind !== "code") throw new Error(code.reason);
    expect(code.lines).toHaveLength(rows - 2);
    for (const line of code.lines) {
      expect(line).toMatch(/^[█▀▄ ]+$/);
      expect(line).toHaveLength(columns - 1);
    }
    expect(qrCode(LINK, { columns: columns - 1, rows }, 2).kind).toBe("small");
    expect(qrCode(LINK, { columns, rows: rows - 1 }, 2).kind).toBe("small");
  });
});
