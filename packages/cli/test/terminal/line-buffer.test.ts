import { describe, expect, test } from "vitest";
import { type InputEvent, LineBuffer, type LineBufferOptions } from "../../src/terminal/line-buffer.js";

const KEYS: LineBufferOptions = { keys: "cqr?", immediate: true };

function feed(buffer: LineBuffer, ...chunks: readonly string[]): InputEvent[] {
  return chunks.flatMap((chunk) => buffer.feed(Buffer.from(chunk)));
}

/** What is handed over after these reads. */
function line(...chunks: readonly string[]): string | undefined {
  const buffer = new LineBuffer(KEYS);
  feed(buffer, ...chunks);
  const submitted = buffer.submit();
  return submitted.kind === "line" ? submitted.line : undefined;
}

describe("single keys", () => {
  test.each(["c", "q", "r", "?", "Q"])("%s by itself is a key", (key) => {
    const buffer = new LineBuffer(KEYS);
    expect(feed(buffer, key)).toEqual([{ kind: "key", key: key.toLowerCase() }]);
    expect(buffer.submit()).toEqual({ kind: "key", key: key.toLowerCase() });
    expect(buffer.submit()).toEqual({ kind: "line", line: "" });
  });

  test("a key that more follows is text", () => {
    const buffer = new LineBuffer(KEYS);
    expect(feed(buffer, "q", "u", "c").slice(1)).toEqual([
      { kind: "length", length: 2 },
      { kind: "length", length: 3 },
    ]);
    expect(buffer.submit()).toEqual({ kind: "line", line: "quc" });
  });

  test.each(["q", "\r", "\u0003"])("Esc is nothing, and %j after it is what it is", (key) => {
    const buffer = new LineBuffer(KEYS);
    expect(feed(buffer, "\u001b", "\u001b")).toEqual([]);
    expect(feed(buffer, key)).toEqual(feed(new LineBuffer(KEYS), key));
  });

  test.each([
    ["in a longer read", ["cq"]],
    ["behind other text", ["x", "c"]],
    ["within a marked paste", ["\u001b[200~", "c", "\u001b[201~"]],
    ["within a marked paste, in one read", ["\u001b[200~q\u001b[201~"]],
    ["behind a mark that is cut", ["\u001b[20", "0~", "q"]],
  ])("a key %s is text", (_, chunks) => {
    expect(feed(new LineBuffer(KEYS), ...chunks).filter(({ kind }) => kind === "key")).toEqual([]);
  });

  test("where keys act with Enter, a lone byte is text until the line is complete", () => {
    const buffer = new LineBuffer({ keys: "cq" });
    expect(feed(buffer, "q")).toEqual([{ kind: "length", length: 1 }]);
    expect(buffer.submit()).toEqual({ kind: "key", key: "q" });
    feed(buffer, "q", "uite");
    expect(buffer.submit()).toEqual({ kind: "line", line: "quite" });
  });
});

describe("Enter", () => {
  test.each(["\r", "\n", "\r\n"])("%j with an empty line is Enter", (key) => {
    expect(feed(new LineBuffer(KEYS), key)).toEqual([{ kind: "enter" }]);
  });

  test("behind text it ends the line", () => {
    expect(feed(new LineBuffer(KEYS), "abc", "\r").at(-1)).toEqual({ kind: "ended" });
  });

  test("within a marked paste it is dropped", () => {
    const buffer = new LineBuffer(KEYS);
    expect(
      feed(buffer, "\u001b[200~", "\r", "ab\rcd\r", "\u001b[201~").map(({ kind }) => kind),
    ).not.toContain("ended");
    expect(buffer.submit()).toEqual({ kind: "line", line: "abcd" });
  });
});

describe("leaving and stopping", () => {
  test.each([
    ["Ctrl-C", ["\u0003"]],
    ["Ctrl-C behind text", ["abc\u0003"]],
    ["Ctrl-C in a paste whose end was lost", ["\u001b[200~abc", "\u0003"]],
    ["Ctrl-D", ["\u0004"]],
  ])("%s", (_, chunks) => {
    expect(feed(new LineBuffer(KEYS), ...chunks).at(-1)).toEqual({ kind: "leave" });
  });

  test("Ctrl-Z stops, but not within a paste", () => {
    expect(feed(new LineBuffer(KEYS), "\u001a").at(-1)).toEqual({ kind: "suspend" });
    expect(feed(new LineBuffer(KEYS), "\u001b[200~a\u001ab\u001b[201~").map(({ kind }) => kind)).toEqual([
      "length",
    ]);
  });
});

test.each([
  ["backspace", ["abx\u007fc"], "abc"],
  ["Ctrl-U", ["abc\u0015de"], "de"],
  ["arrow keys and function keys", ["a\u001b[Ab\u001bOPc"], "abc"],
  ["a mark cut behind its Esc", ["\u001b", "[200~ab\u001b", "[201~c"], "abc"],
  ["marks cut anywhere", ["\u001b[", "200~ab", "c\u001b[20", "1~d"], "abcd"],
])("%s", (_, chunks, expected) => {
  expect(line(...chunks)).toBe(expected);
});

test("a character of several bytes may be cut by the end of a read", () => {
  const buffer = new LineBuffer(KEYS);
  const bytes = Buffer.from("aä€b");
  for (const byte of bytes) buffer.feed(Buffer.from([byte]));
  expect(buffer.submit()).toEqual({ kind: "line", line: "aä€b" });
});

test("what is far too long is cut", () => {
  expect(line("x".repeat(200_000))?.length).toBe(128 * 1024);
});
