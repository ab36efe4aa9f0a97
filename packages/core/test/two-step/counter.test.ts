import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { MeshauthError } from "../../src/errors/error.js";
import { connectTo, listenAt, receive } from "../../src/two-step/channel.js";
import { Counter } from "../../src/two-step/counter.js";
import {
  type Delay,
  FINISHING_MS,
  fromFailure,
  type Outcome,
  toFailure,
} from "../../src/two-step/messages.js";
import { pendingFolder } from "../../src/two-step/pending.js";
import { takeOutcome } from "../../src/two-step/take.js";
import { createTicket, parseTicket } from "../../src/two-step/ticket.js";
import { withResolvers } from "../../src/with-resolvers.js";
import { temporaryFolder } from "./support.js";

const APPROVED: Outcome = {
  kind: "approved",
  approved: {
    credential: { kind: "token", serverName: "Acme", token: "made-up-token" },
    warnings: ["careful"],
  },
};

/** A counter behind a real socket, and the means of whoever asks at it. */
async function openCounter(deeper = "") {
  const dataDir = join(await temporaryFolder(), deeper);
  const ticket = createTicket(new Date(Date.now() + 60_000));
  const id = parseTicket(ticket)?.id ?? "";
  const folder = pendingFolder({ dataDir }, id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [outcome, { resolve }] = withResolvers<Outcome>();
  const pasted: string[] = [];
  const state: { answeredAt?: number; refusal?: string } = {};
  const counter = new Counter({
    id,
    outcome,
    answeredAt: () => state.answeredAt,
    paste(text) {
      pasted.push(text);
      if (state.refusal === undefined) state.answeredAt = performance.now();
      return state.refusal;
    },
  });
  const meeting = { folder, id, platform: process.platform };
  const server = await listenAt(meeting, (socket) => counter.serve(socket));
  onTestFinished(() => {
    counter.close();
    server.close();
  });
  const abort = new AbortController();
  const runtime = { dataDir, platform: process.platform, signal: abort.signal } as Parameters<
    typeof takeOutcome
  >[0];
  const waits: [delay: Delay, limit: number][] = [];
  const ask = (more: { wait?: number; pasted?: string; ticket?: string } = {}) =>
    takeOutcome(runtime, id, { ticket, wait: 0, ...more }, (...wait) => void waits.push(wait));
  return { ask, abort, counter, meeting, pasted, state, waits, decide: resolve };
}

async function until(ask: () => boolean): Promise<void> {
  for (let round = 0; round < 500 && !ask(); round += 1) await new Promise((done) => setTimeout(done, 20));
  expect(ask()).toBe(true);
}

/** Takes what must be a credential. */
async function lent(ask: () => ReturnType<typeof takeOutcome>) {
  const taken = await ask();
  if (taken?.kind !== "approved") throw new Error(`It was ${taken?.kind}.`);
  return taken.lent;
}

test("tells that there is nothing yet, then hands the outcome out", async () => {
  const { ask, decide, counter, waits } = await openCounter();
  expect(await ask()).toEqual({ kind: "pending", delay: "sign-in" });
  expect(waits).toEqual([]);
  expect(await ask({ wait: 200 })).toEqual({ kind: "pending", delay: "sign-in" });
  expect(waits).toEqual([["sign-in", expect.toSatisfy((limit: number) => limit > 0 && limit <= 200)]]);
  const waiting = lent(() => ask({ wait: 20_000 }));
  decide(APPROVED);
  const { value, done } = await waiting;
  expect(value).toEqual(APPROVED.kind === "approved" && APPROVED.approved);
  void counter.taken.then(() => counter.close());
  await done();
});

test("whoever goes away without a word gives it back", async () => {
  const { ask, decide } = await openCounter();
  decide(APPROVED);
  for (let round = 0; round < 3; round += 1) (await lent(ask)).release();
  const first = await lent(ask);
  const second = lent(() => ask({ wait: 10_000 }));
  first.release();
  (await second).release();
});

test("while one has it nobody else gets it, and once it is used it is gone", async () => {
  const { ask, decide, counter } = await openCounter();
  decide(APPROVED);
  const { done } = await lent(ask);
  const others = [ask(), ask({ wait: 10_000 })];
  void counter.taken.then(() => setTimeout(() => counter.close(), 50));
  await done();
  expect(await Promise.all(others)).toEqual([{ kind: "used" }, { kind: "used" }]);
});

test("without the ticket there is no answer", async () => {
  const { ask, decide, pasted } = await openCounter();
  decide(APPROVED);
  const other = createTicket(new Date(Date.now() + 60_000));
  for (const ticket of ["", other]) expect(await ask({ ticket, pasted: "x" })).toBeUndefined();
  expect(pasted).toEqual([]);
  (await lent(ask)).release();
});

test("what is pasted goes to the login, once it has not been answered yet", async () => {
  const { ask, decide, pasted, state } = await openCounter();
  state.refusal = "This address belongs to another login.";
  expect(await ask({ pasted: "one" })).toEqual({ kind: "refused", reason: state.refusal });
  delete state.refusal;
  const waiting = lent(() => ask({ pasted: "two" }));
  setTimeout(() => decide(APPROVED), 100);
  (await waiting).release();
  (await lent(() => ask({ pasted: "three" }))).release();
  expect(pasted).toEqual(["one", "two"]);
});

test("once an answer has come the provider gets its time, from then on", async () => {
  const { ask, decide, state, waits } = await openCounter();
  state.answeredAt = performance.now() - FINISHING_MS;
  expect(await ask()).toEqual({ kind: "pending", delay: "provider" });
  expect(waits).toEqual([]);
  state.answeredAt = performance.now() - FINISHING_MS + 20_000;
  const waiting = lent(ask);
  await until(() => waits.length === 1);
  expect(waits).toEqual([["provider", expect.toSatisfy((limit: number) => limit > 0 && limit <= 20_000)]]);
  decide(APPROVED);
  (await waiting).release();
});

test("who comes back in the last moment of a wait has that time, too", async () => {
  const { ask, decide, state, waits } = await openCounter();
  const waiting = lent(() => ask({ wait: 1_500 }));
  await until(() => waits.length === 1);
  state.answeredAt = performance.now();
  await until(() => waits.length === 2);
  expect(waits.map(([delay]) => delay)).toEqual(["sign-in", "provider"]);
  decide(APPROVED);
  (await waiting).release();
});

test("that another one has it is told while it is waited for", async () => {
  const { ask, decide, waits } = await openCounter();
  decide(APPROVED);
  const first = await lent(ask);
  const second = lent(ask);
  await until(() => waits.length === 1);
  expect(waits).toEqual([["turn", expect.toSatisfy((limit: number) => limit > 0 && limit <= FINISHING_MS)]]);
  first.release();
  (await second).release();
});

test("a failure keeps its code and words on the way", async () => {
  const { ask, decide } = await openCounter();
  const error = new MeshauthError("MESHAUTH_E_DENIED", {
    message: "No.",
    why: "Because.",
    next: ["Ask again."],
  });
  decide({ kind: "failed", failure: toFailure(error) });
  const taken = await ask();
  if (taken?.kind !== "failed") throw new Error("It did not fail.");
  expect(fromFailure(taken.failure)).toMatchObject({
    code: "MESHAUTH_E_DENIED",
    message: "No.",
    why: "Because.",
    next: ["Ask again."],
  });
  expect(fromFailure({ ...taken.failure, code: "MESHAUTH_E_NONSENSE" as never }).code).toBe(
    "MESHAUTH_E_UNEXPECTED",
  );
});

test("a client that sends no message, too much, or nothing disturbs nobody", async () => {
  const { ask, decide, meeting } = await openCounter();
  for (const text of ["GET / HTTP/1.1\n\n", "null\n", "[1]\n", "x".repeat(600_000)]) {
    const socket = await connectTo(meeting);
    const ended = new Promise<void>((resolve) => socket && receive(socket, () => undefined, resolve));
    socket?.write(text);
    await ended;
  }
  const silent = await connectTo(meeting);
  decide(APPROVED);
  (await lent(ask)).release();
  silent?.destroy();
});

test.each(["at once", "later"])("a wait ends with the signal: %s", async (moment) => {
  const { ask, abort } = await openCounter();
  const waiting = ask({ wait: 20_000 });
  if (moment === "later") await new Promise((resolve) => setTimeout(resolve, 200));
  abort.abort(new MeshauthError("MESHAUTH_E_INTERRUPTED"));
  await expect(waiting).rejects.toMatchObject({ code: "MESHAUTH_E_INTERRUPTED" });
});

test.runIf(process.platform !== "win32")(
  "works in a folder whose path is too long for a socket",
  async () => {
    const before = process.cwd();
    const { ask, decide, meeting } = await openCounter("d".repeat(100));
    expect(process.cwd()).toBe(before);
    expect((await stat(join(meeting.folder, "s"))).mode & 0o777).toBe(0o600);
    decide(APPROVED);
    (await lent(ask)).release();
    expect(process.cwd()).toBe(before);
  },
);

test("nobody there is no error", async () => {
  const dataDir = await temporaryFolder();
  const id = "0".repeat(32);
  for (const deeper of ["", "d".repeat(100)]) {
    const folder = pendingFolder({ dataDir: join(dataDir, deeper) }, id);
    expect(await connectTo({ folder, id, platform: process.platform })).toBeUndefined();
  }
});
