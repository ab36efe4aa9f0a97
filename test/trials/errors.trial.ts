import { expect, test } from "vitest";
import { modeOf } from "../support/files.js";
import { meshauth } from "../support/program.js";
import { inTurns } from "./support/process.js";
import { clockOf, note, randomFrom } from "./support/seeds.js";
import { hasStrace, mutatingCalls, type Point, tamper } from "./support/strace.js";
import { makeWorld, type World } from "./support/world.js";

const ERRORS = ["ENOSPC", "EIO", "EROFS", "EDQUOT", "EXDEV", "EBUSY", "EACCES"] as const;
type Injected = (typeof ERRORS)[number];

/** Each call gets at least one of the errors; all of them when there is time. */
const LEAST_ROUNDS = 1;

test.skipIf(!hasStrace)(
  "T16 A18: refresh, with an error at every system call that changes something (strace is needed)",
  async () => {
    const seed = Number(process.env["TRIALS_SEED"] ?? Date.now() % 2 ** 32);
    const random = randomFrom(seed);
    const clock = clockOf(0.12);
    const worlds = [await makeWorld(), await makeWorld()];
    const [first] = worlds as [World, World];
    await first.signIn();
    const points = await mutatingCalls(first.home, ["refresh"]);
    // After the answer the first thing that is written is what is known about the new token, or the token.
    const request = points.findIndex(({ text }) => /details\.json|\.B\.tmp/.test(text));
    expect(request).toBeGreaterThan(5);
    const pairs = Array.from({ length: ERRORS.length }, (_, round) =>
      random.shuffle(points).map((point) => ({
        point,
        error: ERRORS[(points.indexOf(point) + round + seed) % ERRORS.length] as Injected,
      })),
    );
    const seen = { failed: 0, warned: 0, saved: 0 };
    let done = 0;
    for (const [round, pairsOfRound] of pairs.entries()) {
      await inTurns(pairsOfRound, worlds.length, async ({ point, error }) => {
        if (round >= LEAST_ROUNDS && !clock.hasTimeFor(3_000)) return;
        const world = worlds.pop() as World;
        try {
          seen[await failAt(world, point, error, points.indexOf(point) < request)] += 1;
          done += 1;
        } catch (failure) {
          note(`${error} at ${point.text}, seed ${seed}:`);
          throw failure;
        } finally {
          worlds.push(world);
        }
      });
    }
    note(
      `refresh with errors, seed ${seed}: ${done} of ${points.length * ERRORS.length}: ${JSON.stringify(seen)}`,
    );
  },
);

async function failAt(
  world: World,
  point: Point,
  error: Injected,
  early: boolean,
): Promise<"failed" | "warned" | "saved"> {
  world.reset();
  await world.signIn();
  const { home, gate, simulator } = world;
  const old = world.token();
  const { code, stderr, hit } = await tamper(home, ["refresh"], point, `error=${error}`);
  const given = gate.exchanges.at(-1)?.given;
  // It asks only once it has proved that it can write.
  expect(gate.exchanges.length).toBeLessThanOrEqual(code === 8 && early ? 0 : 1);
  // It may have struck another call of that name, such as one by which the provider's address is read.
  expect(hit ? [0, 8] : [0, 7, 8], stderr).toContain(code);
  expect(modeOf(home.authJson)).toBe("0600");
  if (code === 8) {
    expect(stderr).toMatch(/Code: {2}MESHAUTH_E_STORE$/m);
    // What failed after that was tried again, to no avail.
    if (given === undefined) expect(world.token()).toBe(old);
  } else expect(world.token()).toBe(code === 0 ? given : old);
  // What had been staged is put in place by the next one, if it was not lost to the disk.
  const next = await meshauth(home, ["token"]);
  expect(next.code, next.stderr).toBe(0);
  expect(simulator.cloud.isActive(next.stdout.trim())).toBe(true);
  expect(simulator.cloud.reuses).toEqual([]);
  await world.tidyUp();
  expect(world.leftovers()).toEqual([]);
  if (code !== 0) return "failed";
  return stderr.includes("Warning:") ? "warned" : "saved";
}
