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
  const environmentOf = (home) => environment(homes[home].path, keep, homes[home].env);
  const floor = () => timed([node, "-e", "0"], { env: environmentOf("none"), code: 0 });
  const spawn = await terminals();
  const cases = CASES.filter((entry) => (entry.quick || !quick) && (spawn || !entry.terminal));
  const others = peers(plan);

  const groups = {};
  for (const entry of cases) groups[entry.name] = await group(entry);
  for (const [name, own] of others) groups[name] = { floor, own };

  /** What is measured for a case: the floor, the command in its home, and in the homes with providers. */
  async function group({ args, home, main, terminal, code, shows }) {
    const result = terminal ? {} : { floor };
    for (const place of [home, ...(main ? counts : [])]) {
      const words = [node, PROGRAM, ...args];
      const env = environmentOf(place);
      const name = place === home ? "own" : place;
      if (terminal) {
        const script = join(folder, `prompt-${place}.cjs`);
        const both = await promptOf({ spawn, words, env, script });
        result.floor ??= both.floor;
        result[name] = both.prompt;
      } else result[name] = () => timed(words, { env, code, shows });
    }
    return result;
  }

  const onRound = (round) => process.stderr.write(round === 0 ? "Warming up " : ".");
  const taken = await measure(groups, { rounds, end, onRound });
  process.stderr.write("\n");
  const row = (name) => {
    const { floor: below, own } = taken[name];
    return { name, ...summary(own), floor: rounded(median(below)), ratio: ratio(own, below) };
  };
  const bare = Object.entries(taken).filter(([name]) => groups[name].floor === floor);
  return {
    node: spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim(),
    floor: summary(bare.flatMap(([, { floor: below }]) => below)),
    commands: cases.map(({ name, target }) => ({ ...row(name), target })),
    providers: cases
      .filter(({ main }) => main && counts.length > 0)
      .map(({ name }) => {
        const { own, ...more } = taken[name];
        const ratios = counts.map((count) => [count, ratio(more[count], own)]);
        return { name, none: rounded(median(own)), ratios: Object.fromEntries(ratios) };
      }),
    peers: others.map(([name]) => row(name)),
    resources: resources({ node, cases, environmentOf, folder, times: quick ? 3 : PEAKS }),
    ...(quick || process.platform === "win32" ? {} : { crowd: await crowd({ node, folder, keep }) }),
  };
}

/** Peak memory over that of bare Node, MiB, and files opened besides those that bare Node opens. */
function resources({ node, cases, environmentOf, folder, times }) {
  const plain = cases.filter(({ terminal, home }) => !terminal && home === "none");
  const subjects = [{ name: "floor", args: ["-e", "0"], code: 0 }, ...plain].map(({ name, args, code }) => ({
    name,
    words: name === "floor" ? [node, ...args] : [node, PROGRAM, ...args],
    options: { env: environmentOf("none"), code, folder },
    peaks: [],
  }));
  for (let round = 0; round < times; round += 1)
    for (const { words, options, peaks } of subjects) peaks.push(peak(words, options));
  const [bare, ...commands] = subjects.map(({ name, words, options, peaks }) => ({
    name,
    memory: peaks.includes(undefined) ? undefined : median(peaks),
    files: filesOpened(words, options),
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
