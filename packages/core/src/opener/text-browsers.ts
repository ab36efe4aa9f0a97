import { win32 } from "node:path";

/** Browsers that would take over the terminal, or print the page into nothing. */
const TEXT_BROWSERS: ReadonlySet<string> = new Set([
  "w3m",
  "lynx",
  "links",
  "links2",
  "elinks",
  "www-browser",
  "browsh",
]);

/** Whether a program, a path to one or the name of a desktop entry is a text browser's. */
export function isTextBrowser(program: string): boolean {
  return TEXT_BROWSERS.has(win32.basename(program.toLowerCase()).replace(/\.(exe|desktop)$/, ""));
}

/** Whether a program is one of Windows' that hands its arguments to the command interpreter. */
export function isBatch(program: string): boolean {
  const name = win32.basename(program.toLowerCase()).replace(/[. ]+$/, "");
  return /\.(bat|cmd)$/.test(name) || name === "cmd" || name === "cmd.exe";
}
