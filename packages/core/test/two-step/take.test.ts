import { mkdir } from "node:fs/promises";
import type { Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { listenAt, receive } from "../../src/two-step/channel.js";
import { FINISHING_MS, type Wait } from "../../src/two-step/messages.js";
import { pendingFolder } from "../../src/two-step/pending.js";
import { takeOutcome } from "../../src/two-step/take.js";
import { temporaryFolder } from "./support.js";

const ID = "0".repeat(32);

/** A process that keeps a login, and does with a connection what the test says; and the question for its outcome. */
async function keeperThat(serve: (socket: Socket) => void) {
  const dataDir = await temporaryFolder();
  const folder = pendingFolder({ dataDir }, ID);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { platform } = process;
  const sockets: Socket[] = [];
  const server = await listenAt({ folder, id: ID, platform }, (socket) => {
    sockets.push(socket);
    serve(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const limits: number[] = [];
  const runtime = { dataDir, platform, signal: new AbortController().signal };
  const ask = (wait: number) =>
    takeOutcome(runtime, ID, { ticket: "x", wait }, (_, limit) => void limits.push(limit));
  return { ask, limits };
}

/** Answers each question with these announcements. */
function announcing(...limits: readonly number[]) {
  return (socket: Socket): void =>
    receive(
      socket,
      () => {
        for (const limit of limits) {
          socket.write(`${JSON.stringify({ kind: "wait", delay: "provider", limit } satisfies Wait)}\n`);
        }
      },
      () => undefined,
    );
}

// Each of them ends at a time limit of the test's that is far below half a minute.
test.each<[string, (socket: Socket) => void]>([
  ["says nothing", () => undefined],
  ["says nothing after it has announced a wait", announcing(100)],
])("a process that %s is given up", { timeout: 15_000 }, async (_, serve) => {
  const { ask } = await keeperThat(serve);
  expect(await ask(0)).toEqual({ kind: "silent" });
});

test("no announcement makes it wait for longer than it asked to, and the provider's time", async () => {
  const { ask, limits } = await keeperThat((socket) => {
    announcing(1e9, 5)(socket);
    setTimeout(() => socket.write('{"kind":"pending","delay":"provider"}\n'), 500);
  });
  expect(await ask(1_000)).toEqual({ kind: "pending", delay: "provider" });
  expect(limits).toHaveLength(2);
  expect(Math.max(...limits)).toBeLessThanOrEqual(1_000 + FINISHING_MS);
});
