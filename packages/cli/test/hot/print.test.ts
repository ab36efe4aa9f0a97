import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const PRINT = fileURLToPath(new URL("../../dist/hot/print.js", import.meta.url));

/** More than a pipe holds. */
const LENGTH = 300_000;

/** Prints a long line, and tells on standard error whether it did. */
const PRINTER = `
  const { printLine } = await import(${JSON.stringify(PRINT)});
  process.stderr.write(String(printLine("x".repeat(${LENGTH}))));`;

/**
 * Makes a pipe one that does not block, for everybody who has it: whoever opens it as a stream does so. Node would undo
 * that at its end, and so has none. With `full` it fills the pipe, too.
 */
const UNBLOCK = `
  const { writeSync } = await import("node:fs");
  process.stdout;
  if (process.argv.includes("full")) try { for (;;) writeSync(1, "-".repeat(4096)); } catch {}
  process.kill(process.pid, "SIGKILL");`;

/** Runs a shell line in which "$@" prints, "$0" unblocks, and standard error tells whether a line was printed. */
function run(line: string) {
  const script = (text: string): string[] => ["--input-type=module", "-e", text];
  const unblock = `unblock() { { "$0" ${script('"$UNBLOCK"').join(" ")} "$@"; } 2>/dev/null || true; }`;
  const bash = ["bash", "-c", `set -o pipefail\n${unblock}\n${line}`, process.execPath];
  const { status, stdout, stderr } = spawnSync(
    "timeout",
    ["20", ...bash, process.execPath, ...script(PRINTER)],
    {
      encoding: "utf8",
      env: { ...process.env, UNBLOCK },
    },
  );
  return { status, stdout: stdout.trim(), stderr };
}

describe("a line that is longer than a pipe", () => {
  test.each([
    ["that blocks", '"$@" | { sleep 0.5; wc -c; }'],
    ["that does not", '{ unblock; "$@"; } | { sleep 1; wc -c; }'],
  ])("arrives whole through one %s, however slowly it is read", (_, line) => {
    expect(run(line)).toEqual({ status: 0, stdout: String(LENGTH + 1), stderr: "true" });
  });

  test("is no failure when its reader has read what it wanted", () => {
    const outcome = run('{ unblock; "$@"; } | { head -c 10; sleep 0.5; }');
    expect(outcome).toEqual({ status: 0, stdout: "x".repeat(10), stderr: "true" });
  });
});

describe("a line of which nothing can be printed", () => {
  test("is left to whoever prints it next, on a pipe that is full", () => {
    const outcome = run('{ unblock full; "$@"; } | { sleep 3; tr -d - | wc -c; }');
    expect(outcome).toEqual({ status: 0, stdout: "0", stderr: "false" });
  });

  test("is left to whoever prints it next, on a disk that is full", () => {
    expect(run('"$@" >/dev/full')).toEqual({ status: 0, stdout: "", stderr: "false" });
  });
});
