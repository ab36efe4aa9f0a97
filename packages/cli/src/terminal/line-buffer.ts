import { StringDecoder } from "node:string_decoder";

/** What a chunk of input amounts to. */
export type InputEvent =
  /** The line changed; it is so many characters long. */
  | { readonly kind: "length"; readonly length: number }
  /** A line end outside a marked paste: the line is complete unless more of the same paste follows. */
  | { readonly kind: "ended" }
  /** Enter, with nothing in the line. */
  | { readonly kind: "enter" }
  /** One of the single keys, in lower case: it acts unless more of a text follows. It stays in the line. */
  | { readonly kind: "key"; readonly key: string }
  /** Ctrl-Z. */
  | { readonly kind: "suspend" }
  /** Ctrl-C or Ctrl-D. What follows it is dropped. */
  | { readonly kind: "leave" };

export interface LineBufferOptions {
  /** The single keys that act, in lower case: `"cq?"`. None by default. */
  readonly keys?: string;
  /**
   * Whether a key acts by itself. Without it a key acts with Enter only: where pastes are not
   * marked and terminals hand over whole lines, the first byte of a paste could stand alone.
   */
  readonly immediate?: boolean;
}

/** More than any address or token; what is longer is no paste of a person. */
const LONGEST = 128 * 1024;

const PASTE_START = "\u001b[200~";
const PASTE_END = "\u001b[201~";

/**
 * A line that is typed or pasted into a terminal in raw mode. A paste arrives in pieces, and one from a wrapped
 * line has line ends in it: within a paste that the terminal marks they are dropped.
 *
 * A key acts when a read brings exactly that byte while the line is empty and no paste is under way, so a pasted
 * text that begins with the letter of a key stays a text.
 */
export class LineBuffer {
  readonly #keys: string;
  readonly #immediate: boolean;
  readonly #decoder = new StringDecoder("utf8");
  #line = "";
  #pasting = false;
  #rest = "";

  constructor({ keys = "", immediate = false }: LineBufferOptions = {}) {
    this.#keys = keys;
    this.#immediate = immediate;
  }

  /** Takes what one read brought. */
  feed(chunk: Uint8Array): InputEvent[] {
    const single = chunk.length === 1 ? String.fromCharCode(chunk[0] ?? 0) : "";
    // Even within a paste, whose end may have been lost.
    if (single === "\u0003") return [{ kind: "leave" }];
    // Esc by itself is nothing; but the rest of a mark may be late.
    if (this.#rest === "\u001b" && !/^[[O]/.test(Buffer.from(chunk.subarray(0, 1)).toString("latin1"))) {
      this.#rest = "";
    }
    if (single !== "" && !this.#pasting && this.#rest === "") {
      if (single === "\u0004") return [{ kind: "leave" }];
      if (this.#immediate && this.#isKey(single)) {
        this.#line = single;
        return [{ kind: "key", key: single.toLowerCase() }];
      }
    }
    if (
      !this.#pasting &&
      this.#line === "" &&
      /^(?:\r|\n|\r\n)$/.test(Buffer.from(chunk).toString("latin1"))
    ) {
      return [{ kind: "enter" }];
    }
    return this.#read(this.#decoder.write(Buffer.from(chunk)));
  }

  /** Hands over the complete line and begins a new one. A line that is nothing but a key is that key. */
  submit():
    | { readonly kind: "line"; readonly line: string }
    | { readonly kind: "key"; readonly key: string } {
    const line = this.#line;
    this.#line = "";
    if (line.length === 1 && this.#keys.includes(line.toLowerCase())) {
      return { kind: "key", key: line.toLowerCase() };
    }
    return { kind: "line", line };
  }

  #isKey(character: string): boolean {
    return this.#line === "" && this.#keys.includes(character.toLowerCase());
  }

  #read(decoded: string): InputEvent[] {
    // A mark may be cut by the end of a read: what could be its beginning waits for the next.
    const text = this.#rest + decoded;
    this.#rest = /\u001b(?:\[(?:2(?:0[01]?)?)?)?$/.exec(text)?.[0] ?? "";
    const parts = text.slice(0, text.length - this.#rest.length).split(/(\u001b\[20[01]~)/);
    const events: InputEvent[] = [];
    for (const part of parts) {
      if (part === PASTE_START || part === PASTE_END) this.#pasting = part === PASTE_START;
      else if (!this.#pasting && /[\u0003\u0004]/.test(part)) return [...events, { kind: "leave" }];
      else if (part !== "") events.push(...this.#take(part));
    }
    return events;
  }

  #take(part: string): InputEvent[] {
    this.#line = edit(this.#line, part);
    const events: InputEvent[] = [{ kind: "length", length: this.#line.length }];
    if (!this.#pasting && /[\r\n]$/.test(part)) events.push({ kind: "ended" });
    if (!this.#pasting && part.includes("\u001a")) events.push({ kind: "suspend" });
    return events;
  }
}

/** The line after some keys: backspace takes one character back, Ctrl-U all, other control keys nothing. */
function edit(line: string, keys: string): string {
  let result = line;
  for (const key of keys.replace(/\u001b(?:\[[\d;]*[A-Za-z~]|O.|.)?/g, "")) {
    if (key === "\u007f" || key === "\b") result = result.slice(0, -1);
    else if (key === "\u0015") result = "";
    else if (key >= " " && result.length < LONGEST) result += key;
  }
  return result;
}
