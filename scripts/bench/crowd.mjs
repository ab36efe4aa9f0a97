// Many processes that ask for the token at once, after it has ended: one renews it, and all print the new one.
import { join } from "node:path";
import { dataDir, homeIn, LIFETIME, login } from "./homes.mjs";
import { environment, PROGRAM, run } from "./run.mjs";
import { median, ratio, rounded } from "./stats.mjs";

export const CROWD = 100;

const ROUNDS = 3;

/** On a busy machine all of them take no longer, ms. */
const LIMIT = 300_000;

/** Starts the words so many times at once and waits for all. */
const AT_ONCE = 'n=$1; shift; while [ "$n" -gt 0 ]; do "$@" & n=$((n - 1)); done; wait';

/**
 * @returns Medians, ms: one process's answer with the renewal, the last of many; and of as many bare processes of Node,
 *   which is what the machine needs for the processes alone.
 */
export async function crowd({ node, folder, keep }) {
  const { startSimulator } = await import("@meshauth/meshery-simulator");
  const simulator = await startSimulator({ tokenLifetime: LIFETIME });
  try {
    const home = homeIn(folder, "crowd");
    await login({ node, home, keep }, "--server", simulator.server.url);
    const env = environment(home, keep);
    const atOnce = (count, ...words) =>
      run(["sh", "-c", AT_ONCE, "sh", `${count}`, node, ...words], { env, limit: LIMIT });
    const taken = { one: [], all: [], bare: [], fresh: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, count] of Object.entries({ one: 1, all: CROWD })) {
        const old = simulator.cloud.issueToken({ expired: true });
        await keepToken(home, old);
        const { stdout, stderr, taken: ms } = await atOnce(count, PROGRAM, "token");
        const answers = stdout.trim().split("\n");
        const same = new Set(answers).size === 1 && answers[0] !== old;
        if (answers.length !== count || !same) throw new Error(`Not ${count} times a new token:\n${stderr}`);
        taken[name].push(ms);
      }
      const fresh = await atOnce(CROWD, PROGRAM, "token");
      const bare = await atOnce(CROWD, "-e", "0");
      taken.fresh.push(fresh.taken);
      taken.bare.push(bare.taken);
    }
    if (simulator.cloud.reuses.length > 0) throw new Error("A refresh token was used twice.");
    const ms = Object.fromEntries(Object.entries(taken).map(([name, list]) => [name, rounded(median(list))]));
    return { processes: CROWD, ...ms, ratio: ratio(taken.all, taken.one) };
  } finally {
    await simulator.close();
  }
}

/** Puts a token in the place of the one that the login brought; all else that is kept about the login stays. */
async function keepToken(home, token) {
  const { AuthStore } = await import("@meshauth/auth-store");
  const store = new AuthStore({ file: join(home, ".meshery/auth.json"), dataDir: dataDir(home) });
  const { details } = await store.look();
  if (details === undefined) throw new Error("The login has left no details.");
  await store.commit(({ members }) => ({
    members: new Map([...members, ["token", token]]),
    details: { ...details, expiresAt: new Date(Date.now() - 60_000).toISOString() },
  }));
}
