import { JsonError, type JsonValue } from "./json-value.js";
import { LONE_SURROGATE, showKey } from "./text.js";

/** How {@link readJson} reads. */
export interface ReadJsonOptions {
  readonly maxDepth: number;
  readonly refuseDuplicates: boolean;
  /** Told of each key that is there again, with the value that is about to be dropped and its depth. */
  readonly onDuplicate: (key: string, dropped: JsonValue, depth: number) => void;
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WHITE_SPACE = " \t\n\r";
const PLAIN_CHARACTERS = /[^"\\\u0000-\u001f]*/y;
const FOUR_HEX_DIGITS = /[0-9a-fA-F]{4}/y;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
const LITERALS = [
  ["null", null],
  ["true", true],
  ["false", false],
] as const;

/** Reads one JSON text without a byte-order mark, to its end. @throws {@link JsonError} */
export function readJson(text: string, options: ReadJsonOptions): JsonValue {
  return new JsonReader(text, options).readText();
}

/** A recursive reader whose depth is bounded, so that no input can overflow the stack. */
class JsonReader {
  readonly #text: string;
  readonly #options: ReadJsonOptions;
  #at = 0;

  constructor(text: string, options: ReadJsonOptions) {
    this.#text = text;
    this.#options = options;
  }

  readText(): JsonValue {
    this.#skipWhiteSpace();
    if (this.#at === this.#text.length) throw new JsonError("it is empty");
    const value = this.#readValue(0);
    this.#skipWhiteSpace();
    if (this.#at < this.#text.length) throw this.#error("there is more text after the end of the JSON value");
    return value;
  }

  #readValue(depth: number): JsonValue {
    const first = this.#text[this.#at];
    if (first === '"') return this.#readString();
    if (first === "{" || first === "[") {
      if (depth >= this.#options.maxDepth) {
        throw this.#error(`arrays and objects are nested more than ${this.#options.maxDepth} deep`);
      }
      this.#at += 1;
      return first === "{" ? this.#readObject(depth + 1) : this.#readArray(depth + 1);
    }
    for (const [word, value] of LITERALS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#readNumber();
  }

  #readObject(depth: number): JsonValue {
    const members = new Map<string, JsonValue>();
    if (this.#takeAfterSpace("}")) return members;
    do {
      this.#skipWhiteSpace();
      if (this.#text[this.#at] !== '"') throw this.#syntaxError();
      const key = this.#readString();
      const dropped = members.get(key);
      if (dropped !== undefined && this.#options.refuseDuplicates) {
        throw new JsonError(`duplicate key ${showKey(key)}`);
      }
      if (!this.#takeAfterSpace(":")) throw this.#syntaxError();
      this.#skipWhiteSpace();
      members.set(key, this.#readValue(depth));
      if (dropped !== undefined) this.#options.onDuplicate(key, dropped, depth);
    } while (this.#takeAfterSpace(","));
    if (!this.#takeAfterSpace("}")) throw this.#syntaxError();
    return members;
  }

  #readArray(depth: number): JsonValue {
    const items: JsonValue[] = [];
    if (this.#takeAfterSpace("]")) return items;
    do {
      this.#skipWhiteSpace();
      items.push(this.#readValue(depth));
    } while (this.#takeAfterSpace(","));
    if (!this.#takeAfterSpace("]")) throw this.#syntaxError();
    return items;
  }

  #readString(): string {
    const start = this.#at;
    this.#at += 1;
    let value = "";
    for (;;) {
      value += this.#match(PLAIN_CHARACTERS);
      const end = this.#text[this.#at];
      if (end !== '"' && end !== "\\") throw this.#syntaxError();
      this.#at += 1;
      if (end === '"') break;
      value += this.#readEscape();
    }
    if (LONE_SURROGATE.test(value)) throw this.#error("a string has half of a surrogate pair", start);
    if (value.includes("\u0000")) throw this.#error("a string has a NUL character", start);
    return value;
  }

  #readEscape(): string {
    const letter = this.#text[this.#at] ?? "";
    this.#at += 1;
    if (letter !== "u") {
      const character = ESCAPES.get(letter);
      if (character === undefined) throw this.#syntaxError(this.#at - 1);
      return character;
    }
    const digits = this.#match(FOUR_HEX_DIGITS);
    if (digits === "") throw this.#syntaxError();
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #readNumber(): number {
    const start = this.#at;
    const digits = this.#match(NUMBER);
    if (digits === "") throw this.#syntaxError();
    const value = Number(digits);
    if (!Number.isFinite(value)) throw this.#error("a number is too large", start);
    return value;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #skipWhiteSpace(): void {
    while (this.#at < this.#text.length && WHITE_SPACE.includes(this.#text.charAt(this.#at))) this.#at += 1;
  }

  #takeAfterSpace(character: string): boolean {
    this.#skipWhiteSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #syntaxError(at: number = this.#at): JsonError {
    if (at >= this.#text.length) return new JsonError("it is cut off in the middle of the JSON value");
    return this.#error("it is not JSON", at);
  }

  #error(reason: string, at: number = this.#at): JsonError {
    return new JsonError(`${reason} (character ${at + 1})`);
  }
}
