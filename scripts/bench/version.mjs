// Everything that is measured with one version of Node.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { CASES } from "./cases.mjs";
import { crowd } from "./crowd.mjs";
import { makeHomes } from "./homes.mjs";
import { filesOpened, peak } from "./memory.mjs";
import { peers } from "./peers.mjs";
import { promptOf, terminals } from "./prompt.mjs";
import { measure } from "./rounds.mjs";
import { environment, PROGRAM, timed } from "./run.mjs";
import { median, ratio, rounded, summary } from "./stats.mjs";

/** How often memory is measured. */
const PEAKS = 11;

/**
 * @param plan `folder` for homes; `rounds`; `end`; `providers`, how many there are in the homes besides none; `keep`,
 *   variables; `peers`, as they were given; `quick`.
 */
export async function measureVersion(node, plan) {
  const { folder, rounds, end, providers, keep, quick } = plan;
  const counts = providers.filter((count) => count > 0);
  const homes = await makeHomes({ node, folder, counts, keep });
  const cases = CASES.filter((entry) => entry.quick || !quick);
  const environmentOf = (home) => environment(homes[home].path, keep, homes[home].env);
  const floor = () => timed([node, "-e", "0"], { env: environmentOf("none"), code: 0 });
  const subjects = { floor };
  const rows = [];

  const spawn = await terminals();
  for (const entry of cases) {
    const row = { ...entry, key: entry.name, floor: "floor", with: {} };
    if (entry.terminal && !spawn) continue;
    if (entry.terminal) row.floor = `${entry.name}: the same words`;
    for (const home of [entry.home, ...(entry.main ? counts : [])]) {
      const key = home === entry.home ? row.key : `${row.key}, ${home}`;
      if (home !== entry.home) row.with[home] = key;
      const words = [node, PROGRAM, ...entry.args];
      const env = environmentOf(home);
      if (entry.terminal) {
        const taken = await promptOf({ spawn, words, env, script: join(folder, `prompt-${home}.cjs`) });
        subjects[key] = taken.prompt;
        if (home === entry.home) subjects[row.floor] = taken.floor;
      } else subjects[key] = () => timed(words, { ...entry, env });
    }
    rows.push(row);
  }
  const others = quick ? [] : peers(plan.peers, plan);
  for (const [name, take] of others) subjects[name] = take;

  const onRound = (round) => process.stderr.write(round === 0 ? "Warming up " : ".");
  const taken = await measure(subjects, { rounds, end, onRound });
  process.stderr.write("\n");
  return {
    node: spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim(),
    rounds: taken[rows[0].key].length,
    floor: summary(taken.floor),
    commands: rows.map(({ name, key, floor: below, target }) => ({
      name,
      ...summary(taken[key]),
      floor: rounded(median(taken[below])),
      ratio: ratio(taken[key], taken[below]),
      target,
    })),
    providers: rows
      .filter((row) => row.main && counts.length > 0)
      .map(({ name, key, with: others }) => ({
        name,
        none: rounded(median(taken[key])),
        ratios: Object.fromEntries(
          Object.entries(others).map(([count, other]) => [count, ratio(taken[other], taken[key])]),
        ),
      })),
    peers: others.map(([name]) => ({
      name,
      ...summary(taken[name]),
      ratio: ratio(taken[name], taken.floor),
    })),
    resources: resources(node, cases, environmentOf, quick ? 3 : PEAKS),
    ...(quick || process.platform === "win32" ? {} : { crowd: await crowd({ node, folder, keep }) }),
  };
}

/** Peak memory over that of bare Node, MiB, and files opened besides those that bare Node opens. */
function resources(node, cases, environmentOf, times) {
  const plain = cases.filter(({ terminal, home }) => !terminal && home === "none");
  const subjects = [{ name: "floor", args: ["-e", "0"] }, ...plain].map(({ name, args }) => ({
    name,
    words: name === "floor" ? [node, ...args] : [node, PROGRAM, ...args],
    env: environmentOf("none"),
    peaks: [],
  }));
  for (let round = 0; round < times; round += 1)
    for (const { words, env, peaks } of subjects) peaks.push(peak(words, env));
  const [bare, ...commands] = subjects.map(({ name, words, env, peaks }) => ({
    name,
    memory: peaks.includes(undefined) ? undefined : median(peaks),
    files: filesOpened(words, env),
  }));
  const over = (value, floor) =>
    value === undefined || floor === undefined ? undefined : rounded(value - floor);
  return {
    bare: { memory: bare.memory === undefined ? undefined : rounded(bare.memory), files: bare.files },
    commands: commands.map(({ name, memory, files }) => ({
      name,
      memory: over(memory, bare.memory),
      files: over(files, bare.files),
    })),
  };
}
