import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { atEnd } from "../support/cleanup.js";
import { modeOf } from "../support/files.js";
import { meshauth } from "../support/program.js";
import { dataDir } from "../support/third-party.js";
import { loginText } from "./support/mesheryctl.js";
import { type Ended, inTurns, startTrial } from "./support/process.js";
import { type Random, storm } from "./support/seeds.js";
import { watch } from "./support/watch.js";
import { makeWorld, type World } from "./support/world.js";

const WRITER = fileURLToPath(new URL("./support/writer.mjs", import.meta.url));
const PROCESSES = 50;
const AT_ONCE = 8;

const COMMANDS = [
  ["refresh"],
  ["login", "none", "--force"],
  ["logout"],
  ["token"],
  ["token", "--json"],
  ["credential", "get"],
  ["status", "--json"],
] as const;

test("A14 A15: our writers and mesheryctl's at once: nothing of ours is ever torn, and no reader crashes", () =>
  storm("writers", 0.1, writeAtOnce));

async function writeAtOnce(random: Random): Promise<string> {
  const world = await makeWorld();
  await world.signIn();
  const { cloud } = world.simulator;
  const theirs = Array.from({ length: 3 }, () => loginText(cloud.issueToken({ user: "tomas-okafor" })));
  const ours = Array.from({ length: 3 }, () => loginText(cloud.issueToken({ user: "yuki-brandt" })));
  const watching = await watch(world.home.authJson);
  const writers = [startWriter(world, "mesheryctl", theirs), startWriter(world, "store", ours)];

  const plans = Array.from({ length: PROCESSES }, () => random.pick(COMMANDS));
  const codes = await inTurns(plans, AT_ONCE, async (args) => {
    const ended = await startTrial(world.home, args).ended;
    expectNoCrash(args, ended);
    return ended.code;
  });
  const writes = await Promise.all(writers.map((writer) => writer.stop()));
  const last = await meshauth(world.home, ["login", "none", "--force"]);
  expect(last.code, last.stderr).toBe(0);
  expect([world.text(), modeOf(world.home.authJson)]).toEqual([
    '{"meshery-provider":"None","token":""}\n',
    "0600",
  ]);
  expect(world.leftovers()).toEqual([]);
  const reads = await watching.stop();

  // Only mesheryctl's own writing can be seen half done.
  const torn = watching.sights.filter(({ kind }) => kind === "refused");
  const strange = torn.filter(({ text }) => !theirs.some((whole) => whole.startsWith(text)));
  expect(strange).toEqual([]);
  expect(watching.sights.filter(({ kind }) => kind === "missing")).toEqual([]);
  expect(cloud.reuses).toEqual([]);
  return [
    `${writes.join(" + ")} writes`,
    `${PROCESSES} processes, ${codes.filter((code) => code === 0).length} of them with 0`,
    `${reads} reads of ${watching.sights.length} contents, ${torn.length} of mesheryctl half done`,
  ].join(", ");
}

function startWriter({ home }: World, kind: "mesheryctl" | "store", texts: readonly string[]) {
  const work = JSON.stringify({ file: home.authJson, dataDir: dataDir(home), texts });
  const child = spawn(process.execPath, [WRITER, kind, work], { stdio: ["pipe", "pipe", "pipe"] });
  let [output, complaint] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const closed = new Promise((resolve) => child.once("close", resolve));
  atEnd(() => child.kill("SIGKILL"));
  return {
    async stop(): Promise<number> {
      child.stdin.end();
      await closed;
      expect(complaint).toBe("");
      return Number(output);
    },
  };
}

function expectNoCrash(args: readonly string[], { code, signal, stdout, stderr }: Ended): void {
  const what = `meshauth ${args.join(" ")}: ${code} ${stderr}`;
  expect(signal, what).toBe(null);
  expect([0, 4, 7, 8], what).toContain(code);
  expect(stderr, what).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  if (args.includes("--json") || args.includes("get")) {
    if (code === 0) JSON.parse(stdout);
  } else if (code === 0 && args[0] === "token") {
    expect(stdout, what).toMatch(/^eyJ[A-Za-z0-9+/]+\n$/);
  }
  if (code !== 0 && args[0] !== "status" && !args.includes("--json")) {
    const known = /Code: {2}MESHAUTH_E_(NOT_AUTHENTICATED|NOT_RENEWABLE|NETWORK|CHANGED|DAMAGED)$/m;
    expect(stderr, what).toMatch(known);
  }
}
