import { expect, test } from "vitest";
import { modeOf } from "../support/files.js";
import { inTurns, startTrial } from "./support/process.js";
import { note } from "./support/seeds.js";
import { makeWorld } from "./support/world.js";

const PROCESSES = 100;

test.each([
  ["without a Meshery Server", false],
  ["with a Meshery Server in between", true],
])(
  `T19 A16: ${PROCESSES} processes find the token expired, %s: one refresh, the same token for all`,
  async (_, server) => {
    const world = await makeWorld({ server });
    await world.signIn({ expired: true });
    const start = performance.now();
    const all = Array.from({ length: PROCESSES }, () => startTrial(world.home, ["token"]));
    const outcomes = await inTurns(all, PROCESSES, ({ ended }) => ended);
    const failed = outcomes.filter(({ code, stderr }) => code !== 0 || stderr !== "");
    expect(failed.map(({ code, stderr }) => `${code}: ${stderr}`)).toEqual([]);
    expect([...new Set(outcomes.map(({ stdout }) => stdout))]).toEqual([`${world.token()}\n`]);
    expect(world.simulator.cloud.refreshes()).toBe(1);
    expect(world.simulator.cloud.reuses).toEqual([]);
    expect(world.simulator.cloud.isActive(world.token())).toBe(true);
    expect(world.leftovers()).toEqual([]);
    expect(modeOf(world.home.authJson)).toBe("0600");
    note(
      `${PROCESSES} processes at once, ${_}: ${((performance.now() - start) / 1000).toFixed(1)} s, one refresh`,
    );
  },
);
