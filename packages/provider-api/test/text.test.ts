import { describe, expect, it } from "vitest";
import { printable, shellWord, UNSAFE_CHARACTERS } from "../src/text.js";

describe("text from elsewhere", () => {
  it("is one line without control and direction characters, of bounded length", () => {
    expect(printable("a\u001b]0;x\u0007\r\nb\u202ec", 10)).toBe("a]0;x bc");
    expect(printable("x".repeat(24), 10)).toBe(`${"x".repeat(9)}…`);
    expect(printable(`a ${"\u{1f600}".repeat(9)}`, 10)).toBe(`a ${"\u{1f600}".repeat(3)}…`);
  });

  it("is never cut within a long word, which may be a secret", () => {
    const secret = "s".repeat(25);
    expect(printable(secret.repeat(12), 160)).toBe("…");
    expect(printable(`the token ${secret} is bad`, 20)).toBe("the token …");
    expect(printable(`the token ${secret} is bad`, 11)).toBe("the token …");
    expect(printable(`the token ${secret} is bad`, 36)).toBe(`the token ${secret}…`);
    expect(printable(`the token ${secret} is bad`, 39)).toBe(`the token ${secret} is…`);
    expect(printable(`the\u00a0token\n${secret}`, 34)).toBe("the token …");
    expect(printable(secret, 25)).toBe(secret);
    expect(printable(secret, 0)).toBe("…");
  });

  it.each(["\u0000", "\u001b", "\u0085", "\u200b", "\u202e", "\ud800", "\ue000", "\u2028", "\u2029"])(
    "%j is unsafe",
    (character) => {
      expect(character).toMatch(new RegExp(`^[${UNSAFE_CHARACTERS}]$`, "u"));
    },
  );

  it.each(["a", " ", "\u00fc", "\u{1f600}", "\\", "]"])("%j is not unsafe", (character) => {
    expect(character).not.toMatch(new RegExp(`[${UNSAFE_CHARACTERS}]`, "u"));
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
