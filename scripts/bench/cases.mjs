// What is measured: command lines, in which home, and what they should reach.
import { TARGETS } from "./verdict.mjs";

const { hot, status, start, help, prompt } = TARGETS;

/** Nobody listens there, so the answer comes at once. */
const NOWHERE = ["--server", "http://127.0.0.1:10"];

/** The homes beside the usual one, which is as a login at Layer5 leaves it. */
const HOMES = [
  ["contexts", ", with config.yaml"],
  ["bare", ", auth.json alone"],
  ["variable", ", MESHERY_API_TOKEN"],
];

/**
 * `shows` is what has to be in the output, so that nothing else is measured by mistake. `main`: also with providers of
 * others. `quick`: also in a quick run. `terminal`: until its whole prompt is on the screen of a terminal.
 */
export const CASES = [
  { args: ["--version"], target: hot, shows: /^@meshauth\/cli\/\d/, main: true, quick: true },
  ...inHomes({ args: ["token"], target: hot, shows: /^\S{100,}\n$/, main: true, quick: true }),
  ...inHomes({
    args: ["credential", "get"],
    target: hot,
    shows: /^\{.*"token":.*\}\n$/,
    main: true,
    quick: true,
  }),
  ...inHomes({ args: ["status"], target: status, shows: /Layer5/, main: true, quick: true }),
  {
    name: "check, offline",
    args: ["check", ...NOWHERE],
    target: start,
    code: 7,
    shows: /provider\.reachable/,
    main: true,
    quick: true,
  },
  { args: ["provider", "list"], target: start, shows: /file-import/, main: true, quick: true },
  { args: ["version"], target: start, shows: /@meshauth\/cli\/\d/, main: true },
  {
    args: ["login", "layer5", "--explain"],
    target: start,
    shows: /Layer5|browser/i,
    main: true,
  },
  { args: ["login", "--help"], target: help, shows: /USAGE/, main: true, quick: true },
  { args: ["--help"], target: help, shows: /USAGE/, main: true, quick: true },
  {
    name: "login, until the prompt can be used",
    args: ["login"],
    target: prompt,
    terminal: true,
    main: true,
    quick: true,
  },
].map((entry) => ({ name: entry.args.join(" "), home: "none", code: 0, ...entry }));

function inHomes(entry) {
  const others = HOMES.map(([home, words]) => ({
    ...entry,
    name: `${entry.args.join(" ")}${words}`,
    home,
    main: false,
    quick: false,
  }));
  return [entry, ...others];
}
