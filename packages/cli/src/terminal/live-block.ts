import { linesAbove } from "./wait-text.js";

/** The part of a terminal's output that is used. */
export type LiveOutput = Pick<NodeJS.WriteStream, "write" | "on" | "off" | "isTTY" | "columns" | "rows">;

/**
 * The lowest lines of a terminal, drawn over and over. The cursor rests behind the last of them. Nothing is written
 * while nothing changes, and of a block whose last line alone changed that line alone.
 */
export class LiveBlock {
  readonly #output: LiveOutput;
  #drawn: readonly string[] = [];

  constructor(output: LiveOutput) {
    this.#output = output;
  }

  draw(lines: readonly string[]): void {
    const drawn = this.#drawn;
    if (lines.join("\n") === drawn.join("\n")) return;
    const onlyLast =
      lines.length === drawn.length && lines.slice(0, -1).join("\n") === drawn.slice(0, -1).join("\n");
    if (onlyLast) this.#output.write(`\r\u001b[K${lines.at(-1) ?? ""}`);
    else {
      this.erase();
      this.#output.write(lines.join("\n"));
    }
    this.#drawn = lines;
  }

  /** Takes the block away. A terminal that became narrower has folded its lines. */
  erase(): void {
    if (this.#drawn.length === 0) return;
    const up = linesAbove(this.#drawn, this.#output.columns || 80);
    this.#output.write(`\r${up > 0 ? `\u001b[${up}A` : ""}\u001b[J`);
    this.#drawn = [];
  }

  /** The block is no longer the lowest thing on the screen: others have written below it. */
  forget(): void {
    if (this.#drawn.length > 0) this.#output.write("\n");
    this.#drawn = [];
  }
}
