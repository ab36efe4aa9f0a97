/** No line is longer, so that nothing is broken on a terminal of the usual width. */
const WIDTH = 80;
const LABEL = 12;

/** A label and a text in lines of at most 80 characters; the lines that follow the first are indented. */
export function row(label: string, text: string): string[] {
  return wrap(text, WIDTH - LABEL - 2).map(
    (line, index) => `  ${(index === 0 ? label : "").padEnd(LABEL)}${line}`,
  );
}

/** A text in lines of at most so many characters, broken between words; a longer word stays whole. */
export function wrap(text: string, width = WIDTH): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line === "") line = word;
    else if ([...line].length + 1 + [...word].length <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** Hosts for people: what the user gives is told as such. */
export function hostText(host: string): string {
  return host === "configured" ? "an address that you give" : host;
}
