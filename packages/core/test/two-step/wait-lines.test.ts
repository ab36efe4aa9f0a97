import { expect, test } from "vitest";
import type { Notice } from "../../src/terminal.js";
import { WaitLines } from "../../src/two-step/wait-lines.js";

function waitLines(timeLeft = 300_000) {
  const told: Notice[] = [];
  const terminal = { notify: (notice: Notice) => void told.push(notice) };
  const lines = new WaitLines(
    { terminal, now: () => new Date() } as unknown as ConstructorParameters<typeof WaitLines>[0],
    new Date(Date.now() + timeLeft),
  );
  return { lines, told };
}

test("the wait for the sign-in is told at once, and once", () => {
  const { lines, told } = waitLines();
  lines.onWait("sign-in", 120_000);
  lines.onWait("sign-in", 60_000);
  expect(told).toEqual([{ kind: "plain", message: "Waiting for the sign-in: 2:00 left." }]);
});

test("no more time is told than the ticket has", () => {
  const { lines, told } = waitLines(15_000);
  lines.onWait("sign-in", 120_000);
  expect(told).toEqual([{ kind: "plain", message: "Waiting for the sign-in: 0:15 left." }]);
});

test("what is over in a moment is not told, and what takes longer is", async () => {
  const { lines, told } = waitLines();
  lines.onWait("provider", 30_000);
  lines.stop();
  lines.onWait("turn", 30_000);
  expect(told).toEqual([]);
  await expect.poll(() => told, { timeout: 10_000 }).toHaveLength(1);
  expect(told[0]?.message).toMatch(/^Waiting for another command that completes this login: 0:2\d left\.$/);
});
