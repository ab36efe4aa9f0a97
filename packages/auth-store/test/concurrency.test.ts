import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { build } from "./support/build.js";
import { Home } from "./support/folder.js";
import { goUnmarshal } from "./support/go-reader.js";
import { Worker } from "./support/process.js";

beforeAll(build);

/** Reads as mesheryctl does, without a lock, until all workers have ended. */
async function readMeanwhile(home: Home, workers: readonly Worker[]): Promise<number> {
  let reads = 0;
  let running = true;
  const ended = Promise.all(workers.map((worker) => worker.ended())).then(() => {
    running = false;
  });
  while (running) {
    const token = goUnmarshal(readFileSync(home.file)).get("token") ?? "";
    expect(token).toMatch(/^\d+\.x{3000}$/);
    reads += 1;
    await sleep(1);
  }
  await ended;
  return reads;
}

describe("many processes", () => {
  it("20 writers with 10 writes each lose none, and readers never see half a file", async () => {
    const home = new Home(`{"meshery-provider":"Layer5","token":"0.${"x".repeat(3000)}"}`);
    const workers = Array.from(
      { length: 20 },
      () => new Worker(home, { action: "count", turns: 10, size: 3000 }),
    );
    expect(await readMeanwhile(home, workers)).toBeGreaterThan(20);
    for (const worker of workers) expect(await worker.answer()).toEqual({ ok: true });
    expect(goUnmarshal(readFileSync(home.file)).get("token")).toMatch(/^200\./);
    expect(home.names()).toEqual(["auth.json"]);
  }, 90_000);

  it("A17 killed at random leave a whole file, and the others go on", async () => {
    const home = new Home(`{"meshery-provider":"Layer5","token":"0.${"x".repeat(3000)}"}`);
    const work = () => new Worker(home, { action: "count", turns: 20, size: 3000 });
    const survivors = Array.from({ length: 6 }, work);
    const victims = Array.from({ length: 8 }, work);
    for (const victim of victims) {
      void sleep(200 + Math.random() * 1500).then(() => victim.child.kill("SIGKILL"));
    }
    await readMeanwhile(home, [...survivors, ...victims]);
    for (const worker of survivors) expect(await worker.answer()).toEqual({ ok: true });
    const last = new Worker(home, { action: "count", turns: 1, size: 3000 });
    expect(await last.answer()).toEqual({ ok: true });
    const count = Number.parseInt(goUnmarshal(readFileSync(home.file)).get("token") ?? "", 10);
    expect(count).toBeGreaterThanOrEqual(6 * 20 + 1);
    expect(home.names().filter((name) => !name.endsWith(".tmp"))).toEqual(["auth.json"]);
  }, 90_000);

  it("sign in at once where there is no folder yet", async () => {
    const home = new Home();
    const workers = Array.from({ length: 10 }, (_, number) =>
      number % 2
        ? new Worker(home, { action: "prepare" })
        : new Worker(home, { action: "commit", token: "x" }),
    );
    for (const worker of workers) expect(await worker.answer()).toMatchObject({ ok: true });
    expect(home.names()).toEqual(["auth.json"]);
  }, 60_000);
});
