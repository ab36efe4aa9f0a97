import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inert, inertDeep, inertLine } from "../../src/loader/foreign-text.js";

const CONTEXT = { bin: "meshauth", id: "acme:sync" };
// Pieces from which templates, escapes and shell code could be put together again.
const piece = fc.constantFrom(
  "<",
  "%",
  ">",
  "<%",
  "%>",
  "<%=",
  "<%= config.bin %>",
  "<%- command.id -%>",
  "$",
  "(",
  "`",
  "\\",
  "\u202e",
  "\u0007",
  "a",
  " ",
);
const hostile = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

describe("inert", () => {
  it("puts the two common tags into words", () => {
    expect(inert("<%= config.bin %> <%= command.id %> <%-config.bin%>", CONTEXT)).toBe(
      "meshauth acme sync meshauth",
    );
  });

  it("keeps line breaks and other text", () => {
    expect(inert("100 % sure\n<b>", CONTEXT)).toBe("100 % sure\n<b>");
  });

  it("drops escapes and bidirectional marks", () => {
    expect(inert("a\u001b[31mb\u202ec\u0007", CONTEXT)).toBe("a[31mbc");
  });

  it("leaves no template, whatever is put together", () => {
    fc.assert(
      fc.property(hostile, (text) => !/<%|%>/.test(inert(text, CONTEXT))),
      { numRuns: 5_000 },
    );
  });
});

describe("inertLine", () => {
  it("makes no tag by what it takes out", () => {
    expect(inertLine("<$%= process.exit(7) %$>", CONTEXT)).toBe("< %= process.exit(7) % >");
    expect(inertLine("<\u202e%= process.exit(7) %\u0007>", CONTEXT)).toBe("< %= process.exit(7) % >");
  });

  it("leaves nothing for a shell", () => {
    fc.assert(
      fc.property(hostile, (text) => !/<%|%>|[`$\\]/.test(inertLine(text, CONTEXT) ?? "")),
      { numRuns: 5_000 },
    );
  });

  it("is for text only", () => {
    expect(inertLine({ toString: () => "x" }, CONTEXT)).toBeUndefined();
  });
});

describe("inertDeep", () => {
  it("reaches every string and every name", () => {
    const given = { "<%a%>": ["<% b %>", { c: "<%= config.bin %>" }], n: 1, z: null };
    expect(inertDeep(given, CONTEXT)).toEqual({ "< %a% >": ["< % b % >", { c: "meshauth" }], n: 1, z: null });
  });

  it("ends where nothing sensible is that deep", () => {
    const deep = JSON.parse(`${"[".repeat(5_000)}"<% x %>"${"]".repeat(5_000)}`);
    expect(JSON.stringify(inertDeep(deep, CONTEXT))).not.toContain("<%");
  });
});
