// How long commands take, as ratios to bare Node in the same run; docs/performance.md says what, how and why.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { installSize } from "./bench/install-size.mjs";
import { judged, report } from "./bench/report.mjs";
import { farOff } from "./bench/verdict.mjs";
import { measureVersion } from "./bench/version.mjs";
import { nodeOf } from "./node-program.mjs";
import { build, install } from "./setup.mjs";

const HELP = `Usage: npm run bench -- [options]

  --rounds N          how often everything is measured (default 21; 7 with --quick)
  --providers LIST    how many providers of others are installed (default 3,30,100; 100 with --quick)
  --nodes LIST        the newest of other major versions of Node, too, such as 22,24,26
  --node PATH         another program of Node, too; may be repeated
  --keep NAME         leave a variable of the environment to what is measured; may be repeated
  --peer NAME=LINE    measure another program, too; may be repeated
  --install           only say how large an installation is
  --quick             the main commands only
  --guard             end with 1 when something is beyond twice its target
  --json FILE         write the numbers to a file, too
  --help

BENCH_SECONDS ends the rounds of each version of Node when they are over (default 30 with --quick), after three
rounds at least.
`;

function readOptions() {
  const text = { type: "string" };
  const many = { type: "string", multiple: true, default: [] };
  const flag = { type: "boolean", default: false };
  const { values } = parseArgs({
    options: {
      rounds: text,
      providers: text,
      nodes: { ...text, default: "" },
      node: many,
      keep: many,
      peer: many,
      install: flag,
      quick: flag,
      guard: flag,
      json: text,
      help: flag,
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? 7 : 21));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds takes a number, such as 11.");
  return {
    ...values,
    rounds,
    providers: numbers("--providers", values.providers ?? (values.quick ? "100" : "3,30,100")),
    nodes: numbers("--nodes", values.nodes),
  };
}

function numbers(name, list) {
  const words = list.split(",").filter((word) => word !== "");
  if (words.some((word) => !/^\d{1,5}$/.test(word))) throw new Error(`${name} takes numbers, such as 22,24.`);
  return words.map(Number);
}

/** @returns What was measured with each version of Node. */
async function measureAll(options, folder) {
  const others = [...options.node, ...options.nodes.map((major) => nodeOf(`${major}`))];
  const nodes = [process.execPath, ...others.filter((node) => node !== undefined)];
  const system = `${process.platform} ${process.arch}, ${availableParallelism()} processors (${cpus()[0]?.model.trim()})`;
  const seconds = Number(process.env.BENCH_SECONDS ?? (options.quick ? 30 : Number.POSITIVE_INFINITY));
  const results = [];
  for (const [index, node] of nodes.entries()) {
    const own = join(folder, `${index}`);
    mkdirSync(own);
    const plan = { ...options, peers: options.peer, folder: own, end: Date.now() + seconds * 1000 };
    const result = { ...(await measureVersion(node, plan)), system, date: new Date().toISOString() };
    results.push(result);
    process.stdout.write(`\n${report(result)}`);
  }
  return results;
}

async function main() {
  let options;
  try {
    options = readOptions();
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${HELP}`);
    process.exitCode = 2;
    return;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  install();
  build();
  const folder = mkdtempSync(join(tmpdir(), "meshauth-bench-"));
  try {
    const results = options.install ? installSize(folder) : await measureAll(options, folder);
    if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
    if (options.guard && !options.install) guard(results);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function guard(results) {
  const far = results.flatMap((result) => farOff(judged(result)));
  for (const { name, value, target } of far)
    process.stderr.write(`Far from its target: ${name} has ${value}, the target is ${target}.\n`);
  if (far.length > 0) process.exitCode = 1;
}

await main();
