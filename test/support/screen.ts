/**
 * The screen of a terminal, drawn from what a program prints: printable characters with deferred wrapping
 * at the right edge, and the cursor and erase sequences of ECMA-48 that prompts use. Colours are ignored.
 */
export class Screen {
  #columns: number;
  #lines: string[][] = [[]];
  /** The rows that continue the one above them. */
  #folded = new Set<string[]>();
  #row = 0;
  #column = 0;
  #rest = "";
  #cursorVisible = true;

  constructor(columns: number) {
    this.#columns = columns;
  }

  get cursorVisible(): boolean {
    return this.#cursorVisible;
  }

  /** Every line from the first on, without blanks at its end. */
  get lines(): string[] {
    return this.#lines.map((cells) =>
      Array.from(cells, (cell) => cell ?? " ")
        .join("")
        .trimEnd(),
    );
  }

  /** The same as it was printed: lines that were folded at the right edge are whole again. */
  get unfolded(): string[] {
    const whole: string[] = [];
    for (const row of this.#lines) {
      const text = Array.from(row, (cell) => cell ?? " ").join("");
      if (this.#folded.has(row)) whole[whole.length - 1] += text;
      else whole.push(text);
    }
    return whole.map((line) => line.trimEnd());
  }

  /** Changes the width as most terminals do: lines that were folded are put together and folded anew. */
  resize(columns: number): void {
    const rows = this.#lines;
    const cursor = rows[this.#row];
    const lines: string[][] = [];
    const folded = new Set<string[]>();
    let from = 0;
    while (from < rows.length) {
      let to = from + 1;
      while (to < rows.length && this.#folded.has(rows[to] ?? [])) to += 1;
      const whole = rows.slice(from, to).flatMap((row) => Array.from(row, (cell) => cell ?? " "));
      const at = rows.slice(from, to).indexOf(cursor ?? []);
      const first = lines.length;
      for (let start = 0; start === 0 || start < whole.length; start += columns) {
        const row = whole.slice(start, start + columns);
        if (start > 0) folded.add(row);
        lines.push(row);
      }
      if (at >= 0) {
        const offset = at * this.#columns + this.#column;
        this.#row = Math.min(lines.length - 1, first + Math.floor(offset / columns));
        this.#column = offset - (this.#row - first) * columns;
      }
      from = to;
    }
    this.#lines = lines;
    this.#folded = folded;
    this.#columns = columns;
  }

  write(text: string): void {
    const pattern =
      /\u001b\[([?\d;]*)([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[^[\]]|[^\u001b]/guy;
    const input = this.#rest + text;
    let end = 0;
    for (const [whole, parameters, final] of input.matchAll(pattern)) {
      end += whole.length;
      if (final !== undefined) this.#control(parameters ?? "", final);
      else if (!whole.startsWith("\u001b")) this.#put(whole);
    }
    this.#rest = input.slice(end);
  }

  #put(character: string): void {
    if (character === "\r") this.#column = 0;
    else if (character === "\n") this.#move(1);
    else if (character === "\b") this.#column = Math.max(0, this.#column - 1);
    else if (character >= " ") {
      if (this.#column >= this.#columns) {
        this.#column = 0;
        this.#move(1);
        this.#folded.add(this.#line());
      }
      this.#line()[this.#column] = character;
      this.#column += 1;
    }
  }

  #control(parameters: string, final: string): void {
    const amount = Number(parameters.split(";")[0]) || 0;
    const steps = Math.max(1, amount);
    if (final === "A") this.#move(-steps);
    else if (final === "B") this.#move(steps);
    else if (final === "C") this.#column = Math.min(this.#columns - 1, this.#column + steps);
    else if (final === "D") this.#column = Math.max(0, Math.min(this.#column, this.#columns - 1) - steps);
    else if (final === "G") this.#column = steps - 1;
    else if (final === "K") this.#eraseLine(amount);
    else if (final === "J") this.#eraseBelow();
    else if (parameters === "?25") this.#cursorVisible = final === "h";
  }

  #eraseLine(amount: number): void {
    if (amount === 0) this.#line().length = Math.min(this.#line().length, this.#column);
    if (amount === 1) this.#line().fill(" ", 0, this.#column + 1);
    if (amount === 2) this.#line().length = 0;
  }

  #eraseBelow(): void {
    this.#eraseLine(0);
    this.#lines.length = Math.min(this.#lines.length, this.#row + 1);
  }

  #move(rows: number): void {
    this.#row = Math.max(0, this.#row + rows);
    this.#line();
  }

  #line(): string[] {
    while (this.#lines.length <= this.#row) this.#lines.push([]);
    return this.#lines[this.#row] ?? [];
  }
}
