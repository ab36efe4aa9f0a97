import { expect, test } from "vitest";
import { modeOf } from "../support/files.js";
import { meshauth } from "../support/program.js";
import { secondUses } from "./support/killing.js";
import { inTurns } from "./support/process.js";
import { note } from "./support/seeds.js";
import { hasStrace, mutatingCalls, type Point, tamper } from "./support/strace.js";
import { makeWorld, type World } from "./support/world.js";

const NONE = '{"meshery-provider":"None","token":""}\n';

/** A command that is killed, and what has to hold afterwards. */
interface Case {
  readonly args: readonly string[];
  /** Makes the home as it is before the command. */
  prepare(world: World): Promise<unknown>;
  /** Looks at the home of a killed command, before anything else has run. @returns what the file may hold. */
  allowed(world: World): readonly string[];
  /** Runs what comes next. */
  next(world: World): Promise<void>;
}

const CASES: Readonly<Record<string, Case>> = {
  refresh: {
    args: ["refresh"],
    prepare: (world) => world.signIn(),
    allowed: ({ before, gate }) => [
      before(),
      ...gate.exchanges.map(({ given = "" }) => withToken(before(), given)),
    ],
    async next(world) {
      const { home, gate, simulator } = world;
      const given = gate.exchanges.at(-1)?.given;
      const kept = given !== undefined && [world.token(), ...world.stagedTokens()].includes(given);
      const outcome = await meshauth(home, ["token"]);
      const uses = secondUses({ exchanges: gate.exchanges, deaths: new Map(), seen: new Set() });
      if (given === undefined || kept) {
        expect(outcome.code, outcome.stderr).toBe(0);
        expect(simulator.cloud.isActive(outcome.stdout.trim())).toBe(true);
        expect(uses).toEqual([]);
      } else {
        // The cloud had answered, and nobody has the answer.
        expect(outcome.code, outcome.stderr).toBe(4);
        expect(outcome.stderr).toContain("MESHAUTH_E_EXPIRED");
        expect(uses).toHaveLength(1);
        world.counts.lost += 1;
      }
    },
  },
  logout: {
    args: ["logout"],
    prepare: (world) => world.signIn({}),
    allowed: ({ before }) => [before(), ""],
    async next(world) {
      const outcome = await meshauth(world.home, ["logout"]);
      expect(outcome.code, outcome.stderr).toBe(0);
      expect([world.text(), modeOf(world.home.authJson)]).toEqual(["", "0600"]);
      expect(world.simulator.cloud.isEnded(tokenOf(world.before()))).toBe(true);
      expect(world.secretsBeside()).toEqual([]);
    },
  },
  "login none": {
    args: ["login", "none", "--force"],
    prepare: (world) => world.signIn({}),
    allowed: ({ before }) => [before(), NONE],
    async next(world) {
      await world.signIn({});
      expect([world.token(), modeOf(world.home.authJson)]).toEqual([tokenOf(world.before()), "0600"]);
    },
  },
  restore: {
    args: ["restore"],
    async prepare(world) {
      await world.signIn({});
      await world.signIn({ user: "tomas-okafor" });
    },
    allowed: ({ before, history }) => [before(), history().at(-2) ?? ""],
    async next(world) {
      const restored = world.history().at(-2) ?? "";
      if (world.text() !== restored) {
        const again = await meshauth(world.home, ["restore"]);
        expect(again.code, again.stderr).toBe(0);
      }
      expect(world.text()).toBe(restored);
      const outcome = await meshauth(world.home, ["token"]);
      expect(outcome).toMatchObject({ code: 0, stdout: `${tokenOf(restored)}\n` });
    },
  },
};

test.skipIf(!hasStrace).each(Object.keys(CASES))(
  "T17 T18 A17: %s, killed at every system call that changes something (strace is needed)",
  async (name) => {
    const it = CASES[name] as Case;
    const worlds = [await makeWorld(), await makeWorld()];
    const [first] = worlds as [World, World];
    await it.prepare(first);
    const points = await mutatingCalls(first.home, it.args);
    expect(points.length).toBeGreaterThan(10);
    const start = performance.now();
    const hits = await inTurns(points, worlds.length, async (point) => {
      const world = worlds.pop() as World;
      try {
        return await killAt(world, it, point);
      } catch (error) {
        note(`${name}, killed at ${point.text}:`);
        throw error;
      } finally {
        worlds.push(world);
      }
    });
    const lost = worlds.reduce((sum, { counts }) => sum + counts.lost, 0);
    note(
      `${name}: killed at ${points.length} calls, ${hits.filter(Boolean).length} as meant, ` +
        `${lost} times with the only copy of a token, ${((performance.now() - start) / 1000).toFixed(1)} s`,
    );
    expect(hits.filter(Boolean).length).toBeGreaterThan(points.length * 0.8);
  },
);

async function killAt(world: World, it: Case, point: Point): Promise<boolean> {
  world.reset();
  await it.prepare(world);
  const { signal, hit, stdout, stderr } = await tamper(world.home, it.args, point, "signal=KILL");
  // How often a thread writes to wake another one differs from run to run.
  if (signal === null && point.name === "write") return false;
  expect(signal, stdout + stderr).toBe("SIGKILL");
  expect(it.allowed(world)).toContain(world.text());
  expect(modeOf(world.home.authJson)).toBe("0600");
  await it.next(world);
  await world.tidyUp();
  expect(world.leftovers()).toEqual([]);
  return hit;
}

function tokenOf(text: string): string {
  return (JSON.parse(text) as { token: string }).token;
}

function withToken(text: string, token: string): string {
  return text.replace(tokenOf(text), token);
}
