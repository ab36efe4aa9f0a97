import { MeshauthError } from "../errors/error.js";
import type { Runtime } from "../runtime.js";
import { startAgain } from "./commands.js";
import { runKept } from "./kept-login.js";
import { type PendingLogin, readPending, removePending, removePendingSync } from "./pending.js";
import { providerOfPending } from "./provider-of.js";
import type { Starter } from "./starter.js";

/** How often it is looked at whether the login is still wanted. */
const LOOK_MS = 500;

/**
 * Keeps one started login: runs the provider's part, with the loopback receiver open where it opens one, and hands
 * its outcome to the process that completes it. Returns when that is done, the ticket's time is up, its folder is
 * gone, or the program is to end. Its folder is removed then; what was approved is in memory only.
 *
 * @param id - What the ticket stands for.
 * @returns Whether there was a good record of that name, for a provider that is installed; without one nothing is
 *   done, and none is left.
 */
export async function keepLogin(runtime: Runtime, id: string, starter: Starter): Promise<boolean> {
  const pending = await readPending(runtime, id);
  const provider = pending && providerOfPending(runtime.registry, pending);
  if (pending === undefined || provider === undefined || starter.gone.aborted) {
    await removePending(runtime, id);
    return provider !== undefined;
  }
  const remove = (): void => removePendingSync(runtime, id);
  // A provider's code may end the process.
  process.once("exit", remove);
  const end = new AbortController();
  const watch = setInterval(() => void look(runtime, id, pending, end), LOOK_MS);
  const timeout = timeLeft(runtime, pending);
  const timer = setTimeout(() => end.abort(timeUp(pending)), timeout);
  const signal = AbortSignal.any([runtime.signal, starter.gone, end.signal]);
  const { next } = timeUp(pending);
  try {
    const kept = { id, pending, provider, starter, timeout, next };
    await runKept({ ...runtime, signal, cwd: pending.cwd }, kept);
  } finally {
    clearInterval(watch);
    clearTimeout(timer);
    await removePending(runtime, id);
    process.removeListener("exit", remove);
  }
  return true;
}

/** By the clock on the wall: the timers of a machine that was asleep have not struck. */
async function look(
  runtime: Runtime,
  id: string,
  pending: PendingLogin,
  end: AbortController,
): Promise<void> {
  if (timeLeft(runtime, pending) <= 1) end.abort(timeUp(pending));
  else if (!(await readPending(runtime, id))) {
    end.abort(
      new MeshauthError("MESHAUTH_E_TICKET", { why: "It was cancelled: its folder has been removed." }),
    );
  }
}

function timeLeft({ now }: Runtime, { expiresAt }: PendingLogin): number {
  return Math.max(1, Date.parse(expiresAt) - now().getTime());
}

function timeUp(pending: PendingLogin): MeshauthError {
  return new MeshauthError("MESHAUTH_E_TIMEOUT", {
    message: "The time of this ticket is up.",
    next: [startAgain(pending, "--timeout", "15m")],
  });
}
