// One process that uses a store: `node worker.mjs '<json>'`. It answers with one line of JSON.
import { setTimeout as sleep } from "node:timers/promises";
import { AuthStore } from "../../dist/index.js";

const { action, file, dataDir, system = {}, umask, ...given } = JSON.parse(process.argv[2]);
if (umask !== undefined) process.umask(umask);
const store = new AuthStore({ file, dataDir, system });
const members = (token) =>
  new Map([
    ["meshery-provider", "Layer5"],
    ["token", token],
  ]);

const actions = {
  read: async () => {
    const { state, warnings } = await store.read();
    return { state, warnings: warnings.map(({ code }) => code) };
  },
  prepare: () => store.prepare(),
  commit: async () => {
    const { changed, damagedCopy, durable, warnings } = await store.commit(
      () =>
        given.empty
          ? { empty: true }
          : { members: members(given.token), details: given.details, keepPrevious: given.keepPrevious },
      given.options,
    );
    return { changed, damagedCopy, durable, warnings: warnings.map(({ code }) => code) };
  },
  // Gets a new token for the login that is in the file.
  renew: async () => {
    const { changed, durable, warnings } = await store.commit(({ members: old }) => ({
      renewed: new Map(old).set("token", given.token),
      details: given.details,
    }));
    return { changed, durable, warnings: warnings.map(({ code }) => code) };
  },
  // Waits for the lock, unless somebody else has written the token by then.
  waitFor: async () => {
    let decided = false;
    const { changed } = await store.commit(
      () => {
        decided = true;
        return undefined;
      },
      {
        unless: (current) => current.token === given.token,
        onWait: () => process.stdout.write("waiting\n"),
      },
    );
    return { changed, decided };
  },
  // Adds one to the number in the token, so that a lost or doubled turn shows in the sum.
  count: async () => {
    for (let turn = 0; turn < given.turns; turn++) {
      await store.commit((current) => {
        const count = current.state === "present" ? Number.parseInt(current.token, 10) : 0;
        return { members: members(`${count + 1}.${"x".repeat(given.size)}`) };
      });
    }
  },
  // Sits under the lock until it is killed, or for a while.
  hold: () =>
    store.commit(async () => {
      process.stdout.write("holding\n");
      await sleep(given.milliseconds);
      return given.token === undefined ? undefined : { members: members(given.token) };
    }),
  exitUnderLock: () => store.commit(() => process.exit(3)),
  interrupted: async () => {
    const controller = new AbortController();
    process.once("SIGINT", () => controller.abort(new Error("interrupted")));
    await store.commit(
      async () => {
        process.stdout.write("holding\n");
        await sleep(given.milliseconds, undefined, { signal: controller.signal }).catch(() => undefined);
        return { members: members(given.token) };
      },
      { signal: controller.signal },
    );
  },
};

try {
  process.stdout.write(`${JSON.stringify({ ok: true, ...(await actions[action]()) })}\n`);
} catch (error) {
  const { code, message, why, next } = error;
  process.stdout.write(`${JSON.stringify({ ok: false, code, message, why, next })}\n`);
  process.exitCode = 1;
}
