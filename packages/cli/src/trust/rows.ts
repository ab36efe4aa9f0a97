import { wrap } from "../terminal/wrap.js";

/** What is shown before a plugin is installed or run stays in lines shorter than a terminal of the usual width. */
const WIDTH = 80;
const LABEL = 12;

/** A paragraph in lines of fewer than 80 characters; a longer word, such as a digest, stays whole to be copied. */
export function paragraph(text: string): string[] {
  return wrap(text, WIDTH);
}

/** The same with a label before it; the lines that follow the first are indented. */
export function row(label: string, text: string): string[] {
  return wrap(text, WIDTH - LABEL - 2).map(
    (line, index) => `  ${(index === 0 ? label : "").padEnd(LABEL)}${line}`,
  );
}

/** Hosts for people: what the user gives is told as such. */
export function hostText(host: string): string {
  return host === "configured" ? "an address that you give" : host;
}
