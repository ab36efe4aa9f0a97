import type { Explanation, Fact, WayId } from "@meshauth/core";
import { paint } from "../terminal/color.js";
import { foldTo } from "../terminal/wrap.js";

const FACTS: Readonly<Record<Fact["id"], string>> = {
  ssh: "SSH session",
  wsl: "WSL",
  "wsl-interop": "WSL starts Windows programs",
  container: "Container",
  kubernetes: "Kubernetes pod",
  "dev-container": "Dev container",
  codespaces: "GitHub codespace",
  display: "Display",
  "named-browser": "A browser is named",
  ci: "CI",
  root: "Root",
  "dumb-terminal": "Dumb terminal",
  "screen-reader": "Screen reader",
  "stdin-terminal": "Input is a terminal",
  "stderr-terminal": "Errors go to a terminal",
  "no-input": "--no-input",
};

const WAYS: Readonly<Record<WayId, string>> = {
  browser: "Browser opened here",
  link: "Link opened elsewhere",
  paste: "Paste",
  "two-step": "In two steps",
  "token-stdin": "Token from input",
  import: "Import of a file",
  none: "No account",
};

const CHOSEN: Readonly<Record<WayId, string>> = {
  browser: "opens the browser here.",
  link: "prints the link, to be opened elsewhere.",
  paste: "takes what is pasted.",
  "two-step": "starts here and is completed later.",
  "token-stdin": "takes a token from standard input.",
  import: "imports a file.",
  none: "signs in without an account.",
};

const FACT_WIDTH = Math.max(...Object.values(FACTS).map(({ length }) => length));
const WAY_WIDTH = Math.max(...Object.values(WAYS).map(({ length }) => length));
/** Where the reasons begin. */
const INDENT = " ".repeat(WAY_WIDTH + 9);

/**
 * What a login would go by, for people, on standard output.
 *
 * @param id - The provider's.
 * @param columns - The terminal's width; reasons are folded to it.
 */
export function explanationText(
  { facts, ways, chosen }: Explanation,
  id: string,
  columns = process.stdout.columns,
): string {
  const end =
    chosen === null ? "cannot go on here: exit code 10. Use one of the ways above." : CHOSEN[chosen];
  return [
    "This machine:",
    ...facts.map(({ id: fact, holds, detail }) =>
      `  ${answer(holds)}  ${FACTS[fact].padEnd(FACT_WIDTH)}  ${detail ?? ""}`.trimEnd(),
    ),
    "",
    "Ways in:",
    ...ways.flatMap(({ id: way, possible, reason, command }) => [
      `  ${answer(possible)}  ${WAYS[way].padEnd(WAY_WIDTH)}  ${foldTo(reason, columns, INDENT)}`,
      ...(command === null ? [] : [`${INDENT}${command}`]),
    ]),
    "",
    `This login (${id}) ${end}`,
  ].join("\n");
}

function answer(yes: boolean): string {
  return yes ? paint("green", "yes", process.stdout) : paint("yellow", "no ", process.stdout);
}
