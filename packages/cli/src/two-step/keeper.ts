import { type FirstWord, keepLogin, MeshauthError, type Runtime } from "@meshauth/core";

/** Names the login to keep, in the environment of the process that keeps it: not its ticket. */
export const KEEPER = "MESHAUTH_PENDING_LOGIN";

/** How long a word of the starting process may take. */
const GO_LIMIT_MS = 10_000;

/** The login that this process was started to keep; `undefined` in every process but that of `launchKeeper`. */
export function keeperId(): string | undefined {
  const id = process.env[KEEPER];
  // What this process starts is no such process.
  delete process.env[KEEPER];
  return id !== undefined && /^[0-9a-f]{32}$/.test(id) ? id : undefined;
}

/**
 * Keeps the login, and tells the starting process of its link. Without such a process, which may have been killed
 * already, the login ends at once.
 *
 * @returns when the login is over: whether there was one.
 */
export async function keepAsChild(runtime: Runtime, id: string): Promise<boolean> {
  const gone = new AbortController();
  const leave = (): void => gone.abort(new MeshauthError("MESHAUTH_E_TICKET"));
  process.once("disconnect", leave);
  process.once("message", () => {
    process.off("disconnect", leave);
    process.disconnect?.();
  });
  if (!process.connected) leave();
  return await keepLogin(runtime, id, {
    gone: gone.signal,
    tell(word: FirstWord) {
      process.send?.(word, undefined, undefined, (error) => void (error && leave()));
      setTimeout(() => void (process.connected && process.disconnect?.()), GO_LIMIT_MS).unref();
    },
  });
}
