import { formatAuthJson, JsonError, parseAuthJson } from "@meshauth/provider-api/format";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

function refusal(text: string | Uint8Array, lenient: boolean): string {
  try {
    parseAuthJson(text, { lenient });
  } catch (error) {
    if (error instanceof JsonError) return error.reason;
    throw error;
  }
  return "accepted";
}

const members = fc
  .dictionary(
    fc.string({ unit: "binary" }).filter((key) => !key.includes("\0")),
    fc.string({ unit: "binary" }).filter((value) => !value.includes("\0")),
  )
  .map((object) => new Map(Object.entries(object)))
  .map((map) => map.set("meshery-provider", "Layer5").set("token", "abc"))
  .filter((map) => !["__proto__", "constructor", "prototype"].some((key) => map.has(key)));

describe("parseAuthJson", () => {
  it("reads what a Meshery Server returns", () => {
    const read = parseAuthJson('{"meshery-provider":"Layer5","token":"abc"}\n');
    expect(read).toMatchObject({ serverName: "Layer5", token: "abc", bom: false, warnings: [] });
    expect([...read.members.keys()]).toEqual(["meshery-provider", "token"]);
  });

  it("T01 keeps unknown string members", () => {
    expect(parseAuthJson('{"token":"a","meshery-provider":"b","other":"c"}').members.get("other")).toBe("c");
  });

  it("T04 accepts a byte-order mark and CRLF line ends; only the mark is worth a warning", () => {
    const read = parseAuthJson(Buffer.from('\ufeff{\r\n"token": "",\r\n"meshery-provider": "None"\r\n}\r\n'));
    expect(read.bom).toBe(true);
    expect(read.warnings.map(({ code }) => code)).toEqual(["bom"]);
  });

  it("T06 refuses a key that is there twice; on disk the last one counts", () => {
    const text = '{"meshery-provider":"Layer5","token":"one","token":"two"}';
    expect(refusal(text, false)).toBe('duplicate key "token"');
    const read = parseAuthJson(text, { lenient: true });
    expect(read.token).toBe("two");
    expect(read.warnings).toEqual([
      { code: "duplicate-key", message: 'The key "token" is there more than once; the last one counts.' },
    ]);
  });

  it.each([
    ['{"token":null}', 'the value of "token" is null, not a string', "accepted"],
    ['{"token":1}', 'the value of "token" is a number, not a string', "same"],
    ['{"token":true}', 'the value of "token" is a boolean, not a string', "same"],
    ['{"token":[]}', 'the value of "token" is an array, not a string', "same"],
    ['{"token":"","isOauth":false}', 'the value of "isOauth" is a boolean, not a string', "same"],
    ['{"token":{"a":"b"}}', 'the value of "token" is an object, not a string', "same"],
    ["[]", "it holds an array where an object is due", "same"],
    ['"x"', "it holds a string where an object is due", "same"],
    ["null", "it holds null where an object is due", "same"],
    ["7", "it holds a number where an object is due", "same"],
    ["{}", 'it has neither "meshery-provider" nor "token"', "same"],
    ['{"error":"unauthorized"}', 'it has neither "meshery-provider" nor "token"', "same"],
    ["", "it is empty", "same"],
    ["<!doctype html>", "it is not JSON (character 1)", "same"],
  ])("T07 refuses %s: %s", (text, strict, lenient) => {
    expect(refusal(text, false)).toBe(strict);
    expect(refusal(text, true)).toBe(lenient === "same" ? strict : lenient);
  });

  it("reads null on disk as the empty string, as Go does", () => {
    expect(parseAuthJson('{"token":"one","token":null}', { lenient: true }).token).toBe("");
  });

  it("refuses a wrong type on disk even where a later duplicate replaces it, as Go does", () => {
    expect(refusal('{"token":1,"token":"two"}', true)).toBe('the value of "token" is a number, not a string');
  });

  it.each(["__proto__", "constructor", "prototype"])(
    "T08 refuses the key %s; on disk it is ignored",
    (key) => {
      const text = `{"token":"x","${key}":"y"}`;
      expect(refusal(text, false)).toBe(`the key "${key}" is not allowed`);
      expect(refusal(`{"token":"x","${key}":{"polluted":"y"}}`, false)).toMatch(
        / is an object, not a string$/,
      );
      const read = parseAuthJson(text, { lenient: true });
      expect([...read.members.keys()]).toEqual(["token"]);
      expect(read.warnings.map(({ code }) => code)).toEqual(["ignored-key"]);
      expect(({} as { polluted?: string }).polluted).toBeUndefined();
    },
  );
});

describe("formatAuthJson", () => {
  it("writes the local provider in exactly 39 bytes", () => {
    const text = formatAuthJson(
      new Map([
        ["token", ""],
        ["meshery-provider", "None"],
      ]),
    );
    expect(text).toBe('{"meshery-provider":"None","token":""}\n');
    expect(Buffer.byteLength(text)).toBe(39);
  });

  it("writes byte for byte what Go's encoder writes", () => {
    // The right-hand side was written by encoding/json of Go 1.26 for the same map.
    const text = formatAuthJson(
      new Map([
        ["token", '<>&\u2028\u2029\x7f\x1f\b\f\n\r\t"\\/é😀\ufffd'],
        ["meshery-provider", "None"],
        ["\u{1f600}", "x"],
        ["\ufffd", "y"],
        ["Z", ""],
        ["a", ""],
        ["é", ""],
        ["k<>&\u2028", "v"],
      ]),
    );
    expect(text).toBe(
      '{"Z":"","a":"","k\\u003c\\u003e\\u0026\\u2028":"v","meshery-provider":"None",' +
        '"token":"\\u003c\\u003e\\u0026\\u2028\\u2029\x7f\\u001f\\b\\f\\n\\r\\t\\"\\\\/é😀\ufffd",' +
        '"é":"","\ufffd":"y","😀":"x"}\n',
    );
  });

  it("writes nothing that its own strict reader does not give back", () => {
    fc.assert(
      fc.property(members, (map) => {
        const read = parseAuthJson(Buffer.from(formatAuthJson(map)));
        expect(new Map(read.members)).toEqual(map);
        expect(formatAuthJson(read.members)).toBe(formatAuthJson(map));
        expect(JSON.parse(formatAuthJson(map))).toEqual(Object.fromEntries(map));
      }),
    );
  });

  it.each<[string, unknown, unknown]>([
    ["the value of", "token", 5],
    ["the value of", "token", undefined],
    ["the value of", "token", "half a pair \ud800"],
    ["the value of", "token", "nul \0"],
    ["the key", "\ud800", "x"],
    ["the key", "__proto__", "x"],
  ])("refuses %s %j: %j", (what, key, value) => {
    const map = new Map<unknown, unknown>([
      ["meshery-provider", "Layer5"],
      ["token", "abc"],
      [key, value],
    ]);
    expect(() => formatAuthJson(map as Map<string, string>)).toThrow(what);
  });

  it("refuses a map that is no credential", () => {
    expect(() => formatAuthJson(new Map([["a", "b"]]))).toThrow(JsonError);
  });
});
