const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/**
 * Decodes what Go's `json.Unmarshal` takes for a `map[string]string`, and nothing else: an object of strings and nulls.
 * It has its own parser, so that it shares no mistake with the program's or with Node's.
 *
 * @param {Uint8Array} bytes
 * @returns {Map<string, string>}
 * @throws {Error} where Go returns one.
 */
export function decodeMap(bytes) {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  let at = 0;
  const map = new Map();

  const fail = (what) => {
    throw new Error(at >= text.length ? "unexpected end of JSON input" : `${what} at ${at}`);
  };
  const space = () => {
    while (at < text.length && " \t\r\n".includes(text[at])) at += 1;
  };
  const take = (character) => {
    space();
    if (text[at] !== character) fail(`no ${character}`);
    at += 1;
  };
  const peek = () => {
    space();
    return text[at];
  };
  const string = () => {
    take('"');
    let value = "";
    for (;;) {
      const character = text[at];
      if (character === undefined) fail("no end of a string");
      at += 1;
      if (character === '"') return value;
      if (character < " ") fail("a control character");
      value += character === "\\" ? escaped() : character;
    }
  };
  const escaped = () => {
    const character = text[at];
    at += 1;
    if (character !== "u") return ESCAPES[character] ?? fail("an unknown escape");
    const digits = text.slice(at, at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) fail("no four digits");
    at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  };
  const value = () => {
    if (peek() === '"') return string();
    if (!text.startsWith("null", at)) fail("a value that is no string");
    at += 4;
    return "";
  };

  take("{");
  if (peek() !== "}") {
    for (;;) {
      const key = string();
      take(":");
      map.set(key, value());
      if (peek() !== ",") break;
      at += 1;
    }
  }
  take("}");
  if (peek() !== undefined) fail("more after the object");
  return map;
}
