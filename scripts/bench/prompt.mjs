// How long it takes until a prompt stands in a terminal, and until a script that prints the same words has done so.
import { writeFileSync } from "node:fs";
import { LIMIT } from "./run.mjs";

/** For so long nothing new comes when a prompt is complete, ms. */
const QUIET = 700;

const INTERRUPT = "\u0003";

/** @returns What starts processes in a terminal; `undefined` where there is none. */
export async function terminals() {
  try {
    return (await import("@lydell/node-pty")).spawn;
  } catch {
    return undefined;
  }
}

/**
 * Looks at the prompt once, and writes the script that prints the same.
 *
 * @returns How to measure both. The prompt is there when its last line is; then it is ended with Ctrl-C, which it has to
 *   understand.
 */
export async function promptOf({ spawn, words, env, script }) {
  const printed = await seen({ spawn, words, env, code: 130, isComplete: () => false });
  const last = lines(printed).at(-1);
  if (last === undefined) throw new Error(`${words.join(" ")} prints nothing.`);
  const times = (text) => lines(text).filter((line) => line === last).length;
  const isComplete = (text) => times(text) >= times(printed);
  // A terminal makes a line's end of two characters.
  const text = JSON.stringify(printed.replaceAll("\r\n", "\n"));
  writeFileSync(script, `process.stdout.write(${text});\nprocess.stdin.resume();\n`);
  const measure = (argv) => async () => {
    let taken;
    await seen({ spawn, words: argv, env, code: 130, isComplete, onComplete: (ms) => (taken = ms) });
    return taken;
  };
  return { prompt: measure(words), floor: measure([words[0], script]) };
}

/** Runs it in a terminal until the text is complete or nothing new comes, and interrupts it. @returns What it printed. */
function seen({ spawn, words, env, code, isComplete, onComplete }) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const [command, ...args] = words;
    const pty = spawn(command, args, { name: "xterm-256color", cols: 100, rows: 30, cwd: env.HOME, env });
    let output = "";
    let complete = false;
    let quiet;
    const limit = setTimeout(() => pty.kill("SIGKILL"), LIMIT);
    function finish() {
      complete = true;
      pty.write(INTERRUPT);
    }
    pty.onData((data) => {
      if (complete) return;
      output += data;
      if (isComplete(output)) {
        onComplete?.(performance.now() - start);
        finish();
      } else if (!onComplete) {
        clearTimeout(quiet);
        quiet = setTimeout(finish, QUIET);
      }
    });
    pty.onExit(({ exitCode, signal }) => {
      clearTimeout(limit);
      clearTimeout(quiet);
      const interrupted = exitCode === code || signal === 2;
      if (complete && interrupted) resolve(output);
      else reject(new Error(`${words.join(" ")} ended with ${exitCode}, signal ${signal}:\n${output}`));
    });
  });
}

/** The lines that have words, without escape sequences. */
function lines(output) {
  return output
    .replace(/\u001b\[[?\d;]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[^[\]]/g, "")
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
