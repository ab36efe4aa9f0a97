import { parse, resolve } from "node:path";
import { type FirstWord, keepLogin, MeshauthError, type Runtime } from "@meshauth/core";

/** Names the login to keep, in the environment of the process that keeps it: not its ticket. */
export const KEEPER = "MESHAUTH_PENDING_LOGIN";

/** How long a word of the starting process may take. */
const GO_LIMIT_MS = 10_000;

/**
 * The login that this process was started to keep; `undefined` in every process but that of `launchKeeper`.
 *
 * @throws MeshauthError `MESHAUTH_E_TICKET` in a process that has the variable and was not started by it: it must
 *   never begin a login of its own.
 */
export function keeperId(): string | undefined {
  const id = process.env[KEEPER];
  // What this process starts is no such process.
  delete process.env[KEEPER];
  if (id === undefined) return undefined;
  // The function stays when the channel has gone.
  if (process.send !== undefined && /^[0-9a-f]{32}$/.test(id)) return id;
  throw new MeshauthError("MESHAUTH_E_TICKET", {
    message: `${KEEPER} is set, and no login waits for this process.`,
    why: "meshauth sets it for the process that waits for a sign-in, and for no other.",
    next: [`unset ${KEEPER}`],
  });
}

/**
 * Keeps the login, and tells the starting process of its link. Without such a process, which may have been killed
 * already, the login ends at once.
 *
 * @returns when the login is over.
 * @throws MeshauthError `MESHAUTH_E_TICKET` when there is none of that name, or its record is damaged.
 */
export async function keepAsChild(runtime: Runtime, id: string): Promise<void> {
  const gone = new AbortController();
  const leave = (): void => gone.abort(new MeshauthError("MESHAUTH_E_TICKET"));
  process.once("disconnect", leave);
  process.once("message", () => {
    process.off("disconnect", leave);
    process.disconnect?.();
  });
  if (!process.connected) leave();
  const dataDir = resolve(runtime.dataDir);
  // The folder that it was started in can be removed or unmounted meanwhile.
  process.chdir(parse(process.execPath).root);
  const kept = await keepLogin({ ...runtime, dataDir }, id, {
    gone: gone.signal,
    tell(word: FirstWord) {
      process.send?.(word, undefined, undefined, (error) => void (error && leave()));
      setTimeout(() => void (process.connected && process.disconnect?.()), GO_LIMIT_MS).unref();
    },
  });
  if (!kept) throw new MeshauthError("MESHAUTH_E_TICKET");
}
