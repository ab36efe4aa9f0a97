import { describe, expect, it } from "vitest";
import { printable, shellWord } from "../src/text.js";

describe("text from elsewhere", () => {
  it("is one line without control and direction characters, of bounded length", () => {
    expect(printable("a\u001b]0;x\u0007\r\nb\u202ec", 10)).toBe("a]0;x bc");
    expect(printable("x".repeat(300), 10)).toBe(`${"x".repeat(9)}…`);
  });

  it.each([
    ["Layer5", "Layer5"],
    ["localhost:9876", "localhost:9876"],
    ["My Provider", "'My Provider'"],
    ["$(touch x)", "'$(touch x)'"],
    ["it's", "'it'\\''s'"],
    ["--force", "'--force'"],
    ["a\nb", "'a b'"],
  ])("%j is %s for a shell", (text, word) => {
    expect(shellWord(text)).toBe(word);
  });
});
