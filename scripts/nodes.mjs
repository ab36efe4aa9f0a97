// Runs a part of the tests that has to do with Node itself on other versions of it: `npm run nodes -- 22 24 26`. Each is
// the newest of its major version, as npm has it. Where one cannot be had, that is said, and the others go on.
// Words that are no numbers choose tests, as with vitest. NODES_SECONDS ends it after the version that runs when they
// are over (default 900).
import { spawnSync } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { nodeOf } from "./node-program.mjs";
import { build, install, root } from "./setup.mjs";

/** What runs: the packages' own tests, and the main ways through the program. */
const TESTS = [
  "packages/",
  "test/compat/",
  "test/program/none.test.ts",
  "test/program/layer5.test.ts",
  "test/program/file-import.test.ts",
  "test/program/token.test.ts",
  "test/program/network.test.ts",
  "test/program/streams.test.ts",
  "test/terminal/signals.test.ts",
];

/** What does not: faults at numbered system calls, which every Node numbers anew. */
const EXCEPT = ["packages/auth-store/test/faults.test.ts"];

/** One version may take no longer. */
const LIMIT_MS = 900_000;

const words = process.argv.slice(2);
const majors = words.filter((word) => /^\d+$/.test(word));
if (majors.length === 0) majors.push("22", "24", "26");
const chosen = words.filter((word) => !majors.includes(word));
const tests = chosen.length === 0 ? TESTS : chosen;

install();
build();
const end = Date.now() + Number(process.env.NODES_SECONDS ?? 900) * 1000;
const results = majors.map((major) => ({ major, ...testOn(major) }));
for (const { major, result } of results) process.stdout.write(`Node ${major}: ${result}\n`);
process.exitCode = results.some(({ failed }) => failed) ? 1 : 0;

function testOn(major) {
  if (Date.now() > end) return { result: "not tested, the time is over" };
  const node = nodeOf(major);
  if (node === undefined) return { result: "not tested, it cannot be installed here" };
  const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  const version = stdout?.trim();
  if (!version?.startsWith(`v${major}.`)) return { result: "not tested, it does not run here" };
  process.stdout.write(`Testing on Node ${version}.\n`);
  // Programs that are found by name, such as npm, run on it too.
  const PATH = [dirname(node), process.env.PATH].join(delimiter);
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const except = EXCEPT.flatMap((pattern) => ["--exclude", pattern]);
  const { status, signal } = spawnSync(node, [vitest, "run", ...tests, ...except], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH },
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
  });
  if (status === 0) return { result: `${version} passed` };
  return { result: `${version} FAILED${signal ? `, ended by ${signal}` : ""}`, failed: true };
}
