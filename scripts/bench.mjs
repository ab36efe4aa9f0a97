// How long commands take, as ratios to bare Node in the same run: `npm run bench`. Each round runs everything once, so
// that what else the machine does falls on all alike. `--rounds N` (default 11), `--json`.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build, install, root } from "./setup.mjs";

/** How many third-party providers are installed. */
const PROVIDERS = [0, 3, 30, 100];

const COMMANDS = [
  ["--version"],
  ["token"],
  ["status"],
  ["provider", "list"],
  ["login", "--help"],
  ["login", "layer5", "--explain"],
];

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "11" }, json: { type: "boolean", default: false } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write("--rounds takes a number of rounds, such as 11.\n");
  process.exit(2);
}

install();
build();
const folder = mkdtempSync(join(tmpdir(), "meshauth-bench-"));
try {
  const result = measure(PROVIDERS.map((count) => ({ count, home: homeWith(count) })));
  process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : table(result));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @returns Milliseconds of the floor, and the commands' ratios to it by the number of providers; medians of all rounds. */
function measure(homes) {
  const floor = [];
  const times = new Map();
  const program = join(root, "packages/cli/bin/run.js");
  // The first round warms the machine's caches.
  for (let round = 0; round <= rounds; round += 1) {
    const bare = time(["-e", "0"], folder);
    if (round > 0) floor.push(bare);
    for (const { count, home } of homes) {
      for (const argv of COMMANDS) {
        const key = `${argv.join(" ")}\n${count}`;
        const taken = time([program, ...argv], home);
        if (round > 0) times.set(key, [...(times.get(key) ?? []), taken]);
      }
    }
  }
  const ratio = (argv, count) => rounded(median(times.get(`${argv.join(" ")}\n${count}`)) / median(floor));
  return {
    node: process.version,
    system: `${process.platform} ${process.arch}, ${availableParallelism()} processors`,
    rounds,
    floor: rounded(median(floor)),
    commands: COMMANDS.map((argv) => ({
      command: argv.join(" "),
      ratios: Object.fromEntries(PROVIDERS.map((count) => [count, ratio(argv, count)])),
    })),
  };
}

/** @returns Milliseconds of one run. */
function time(args, home) {
  const env = { PATH: process.env.PATH, HOME: home, NO_COLOR: "1", MESHERY_SERVER_URL: "http://127.0.0.1:9" };
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  const taken = performance.now() - start;
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return taken;
}

/** A home with so many installed providers, whose person is signed in. */
function homeWith(count) {
  const home = join(folder, `${count}`);
  const data = join(home, ".local/share/meshauth");
  const plugins = Array.from({ length: count }, (_, index) => installProvider(data, `acme-${index}`));
  mkdirSync(join(home, ".meshery"), { recursive: true, mode: 0o700 });
  const list = { private: true, dependencies: {}, oclif: { schema: 1, plugins } };
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, "package.json"), JSON.stringify(list));
  writeFileSync(join(home, ".meshery/auth.json"), `${JSON.stringify(madeUpCredential())}\n`, { mode: 0o600 });
  return home;
}

function installProvider(data, id) {
  const name = `${id}-provider`;
  const package_ = join(data, "node_modules", name);
  const provider = {
    id,
    title: `Acme ${id}`,
    summary: "Sign in at Acme",
    module: "./index.js",
    flows: ["local"],
  };
  mkdirSync(package_, { recursive: true });
  writeFileSync(join(package_, "index.js"), "export default {};\n");
  writeFileSync(
    join(package_, "package.json"),
    JSON.stringify({
      name,
      version: "1.0.0",
      type: "module",
      oclif: {},
      meshauth: { api: "1.0", providers: [provider] },
    }),
  );
  return { name, type: "user", tag: "latest" };
}

/** What a login at Layer5 leaves; signed by nobody, and valid for a day. */
function madeUpCredential() {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + 86_400;
  const jwt = `${part({ alg: "RS256" })}.${part({ sub: "bench", exp })}.${part("made up")}`;
  const token = { access_token: jwt, token_type: "bearer", expiry: new Date(exp * 1000).toISOString() };
  return {
    "meshery-provider": "Layer5",
    token: Buffer.from(JSON.stringify(token)).toString("base64"),
  };
}

function table({ node, system, floor, commands }) {
  const rows = [
    ["command", ...PROVIDERS.map((count) => `${count}`)],
    ...commands.map(({ command, ratios }) => [
      command,
      ...PROVIDERS.map((count) => ratios[count].toFixed(2)),
    ]),
  ];
  const width = Math.max(...rows.map(([command]) => command.length));
  const lines = rows.map(([command, ...cells]) =>
    [command.padEnd(width), ...cells.map((cell) => cell.padStart(7))].join(""),
  );
  return `Times bare Node's ${floor} ms, by the number of installed providers. Node ${node}, ${system}, medians of ${rounds} rounds.\n${lines.join("\n")}\n`;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function rounded(number) {
  return Math.round(number * 100) / 100;
}
