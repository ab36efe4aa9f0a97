import { JsonError, type JsonValue, parseJson } from "@meshauth/provider-api/format";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** What `JSON.parse` would have returned, for values without duplicate keys. */
function plain(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return value;
  const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, member] of value) object[key] = plain(member as JsonValue);
  return object;
}

function refusal(input: string | Uint8Array, options?: Parameters<typeof parseJson>[1]): string {
  try {
    parseJson(input, options);
  } catch (error) {
    if (error instanceof JsonError) return error.reason;
    throw error;
  }
  return "accepted";
}

/** Nothing that only our reader refuses. */
const ordinary = fc
  .jsonValue({ maxDepth: 6 })
  .map((value) => JSON.stringify(value))
  .filter((text) => !text.includes("\\u0000"));

describe("parseJson", () => {
  it("reads every kind of value", () => {
    const text =
      ' {"a" : [1, -0.5e+2, true, false, null, "x\\n\\u00e9\\ud83d\\ude00\\/"], "b": {}, "": []}\r\n';
    const { value, bom, duplicates } = parseJson(text);
    expect(plain(value)).toEqual({ a: [1, -50, true, false, null, "x\né😀/"], b: {}, "": [] });
    expect({ bom, duplicates }).toEqual({ bom: false, duplicates: [] });
  });

  it("agrees with JSON.parse on every text that is JSON", () => {
    fc.assert(
      fc.property(ordinary, (text) => {
        expect(plain(parseJson(text).value)).toEqual(
          plain(parseJson(JSON.stringify(JSON.parse(text))).value),
        );
        expect(JSON.stringify(plain(parseJson(text).value))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it("accepts nothing that JSON.parse refuses", () => {
    const damaged = fc
      .tuple(
        ordinary,
        fc.nat(),
        fc.constantFrom("", ",", '"', "}", "]", "\\", "0", "\t", "\v", "x", "-", "."),
      )
      .map(([text, at, insert]) => {
        const position = at % (text.length + 1);
        return text.slice(0, position) + insert + text.slice(position + (insert === "" ? 1 : 0));
      });
    fc.assert(
      fc.property(damaged, (text) => {
        if (refusal(text) === "accepted") expect(() => JSON.parse(text)).not.toThrow();
        else if (!/duplicate|NUL|surrogate|too large/.test(refusal(text)))
          expect(() => JSON.parse(text)).toThrow();
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["", "it is empty"],
    [" \n", "it is empty"],
    ["{", "it is cut off in the middle of the JSON value"],
    ['{"a":"b', "it is cut off in the middle of the JSON value"],
    ['{"a":"b\\', "it is cut off in the middle of the JSON value"],
    ['{"a":"b",}', "it is not JSON (character 10)"],
    ["{'a':1}", "it is not JSON (character 2)"],
    ['{"a" 1}', "it is not JSON (character 6)"],
    ["[01]", "it is not JSON (character 3)"],
    ["[1,]", "it is not JSON (character 4)"],
    ['"\\x"', "it is not JSON (character 3)"],
    ['"\\u12g4"', "it is not JSON (character 4)"],
    ['"\t"', "it is not JSON (character 2)"],
    ["nul", "it is not JSON (character 1)"],
    ["NaN", "it is not JSON (character 1)"],
    ["\v{}", "it is not JSON (character 1)"],
    ["\u00a0{}", "it is not JSON (character 1)"],
    ["1e999", "a number is too large (character 1)"],
    ['["\\ud800"]', "a string has half of a surrogate pair (character 2)"],
    ['["\\ude00\\ud83d"]', "a string has half of a surrogate pair (character 2)"],
    ['["\\u0000"]', "a string has a NUL character (character 2)"],
  ])("refuses %j: %s", (text, reason) => {
    expect(refusal(text)).toBe(reason);
  });

  it("T03 refuses text after the value", () => {
    expect(refusal('{"token":"x"}S0tLS0tCg==')).toBe(
      "there is more text after the end of the JSON value (character 14)",
    );
  });

  it("T04 takes a byte-order mark off and reports it", () => {
    expect(parseJson(Buffer.from("\ufeff[]"))).toEqual({ value: [], bom: true, duplicates: [] });
    expect(parseJson("\ufeff[]").bom).toBe(true);
    expect(refusal("\ufeff\ufeff[]")).toBe("it is not JSON (character 1)");
  });

  it("refuses bytes that are not UTF-8, and tells UTF-16", () => {
    expect(refusal(Uint8Array.of(0x22, 0xff, 0x22))).toBe("it is not valid UTF-8 text");
    expect(refusal(Uint8Array.of(0x22, 0xc0, 0x80, 0x22))).toBe("it is not valid UTF-8 text");
    expect(refusal(Buffer.from("\ufeff{}", "utf16le"))).toBe("it is UTF-16 text, not UTF-8");
  });

  it("T09 refuses 100,000 nested arrays and objects without overflowing the stack", () => {
    const deep = "arrays and objects are nested more than 64 deep (character 65)";
    expect(refusal("[".repeat(100_000) + "]".repeat(100_000))).toBe(deep);
    expect(refusal("[".repeat(100_000))).toBe(deep);
    expect(refusal('{"a":'.repeat(100_000))).toMatch(/^arrays and objects are nested more than 64 deep/);
    expect(refusal("[".repeat(1_000_000), { maxDepth: 1e9 })).toMatch(/nested more than 1000 deep/);
    expect(refusal("[".repeat(64) + "]".repeat(64))).toBe("accepted");
  });

  it("refuses duplicate keys at any depth, or reports them and keeps the last", () => {
    const text = '{"a":1,"b":{"c":1,"c":null,"c":3},"a":4}';
    expect(refusal(text)).toBe('duplicate key "c"');
    const { value, duplicates } = parseJson(text, { duplicates: "last" });
    expect(plain(value)).toEqual({ a: 4, b: { c: 3 } });
    expect(duplicates).toEqual(["c", "c", "a"]);
    expect(refusal('{"a":1,"\\u0061":2}')).toBe('duplicate key "a"');
  });

  it("T08 keeps __proto__ an ordinary key", () => {
    const { value } = parseJson('{"__proto__":{"polluted":true}}');
    expect(value instanceof Map && [...value.keys()]).toEqual(["__proto__"]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("shows keys so that they cannot act on a terminal, and never a key as long as a token", () => {
    expect(refusal('{"\\u001b[2J\\u202e":1,"\\u001b[2J\\u202e":2}')).toBe(
      'duplicate key "\\u{1b}[2J\\u{202e}"',
    );
    const canary = "SECRET-CANARY-".repeat(4);
    expect(refusal(`{"${canary}":1,"${canary}":2}`)).toBe("duplicate key a key of 56 characters");
  });

  it("never has a value in a reason", () => {
    const canary = "SECRET-CANARY-4711";
    for (const text of [
      `{"token":"${canary}"`,
      `{"token":"${canary}\\q"}`,
      `{"token":"${canary}"} ${canary}`,
      `{"token":${canary}}`,
      `${canary}`,
      `{"token":"${canary}\\u0000"}`,
    ]) {
      expect(refusal(text)).not.toContain("CANARY");
      expect(refusal(text)).not.toBe("accepted");
    }
  });
});
