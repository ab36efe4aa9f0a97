import { UNSAFE_CHARACTERS } from "../text.js";

const LONGEST_SHOWN_KEY = 40;

/** A surrogate without its partner: such a string has no UTF-8 form. */
export const LONE_SURROGATE: RegExp = /\p{Surrogate}/u;

/**
 * A key of an object in the form in which a message may show it: quoted, control and format characters
 * escaped. A key longer than any that is known may be a secret in the wrong place, and only its length is told.
 */
export function showKey(key: string): string {
  if (key.length > LONGEST_SHOWN_KEY) return `a key of ${key.length} characters`;
  const visible = (character: string) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  return `"${key.replace(new RegExp(`[${UNSAFE_CHARACTERS}]`, "gu"), visible)}"`;
}

/** Orders strings by their UTF-8 bytes, as Go orders the keys of a map; JavaScript orders by UTF-16 units. */
export function compareUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, "utf8"), Buffer.from(b, "utf8"));
}

/** What Go's JSON encoder escapes beyond `JSON.stringify`, so that JSON is safe inside HTML and scripts. */
const ESCAPED_BY_GO = /[<>&\u2028\u2029]/g;

/** A JSON string, byte for byte as Go's `encoding/json` writes it. */
export function quoteAsGo(text: string): string {
  return JSON.stringify(text).replace(
    ESCAPED_BY_GO,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
