import { isMeshauthError, MeshauthError } from "../errors/error.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { resolveTarget, type Target } from "../target.js";
import { environmentCredential, environmentHeld, fileHeld, type Held } from "./held.js";

/**
 * Finds the credential in force for a context: the environment's wins over the file. Reads only.
 *
 * @throws MeshauthError `MESHAUTH_E_NOT_AUTHENTICATED` when there is none, `MESHAUTH_E_DAMAGED` for a file that
 *   mesheryctl could not read, and what {@link resolveTarget} throws.
 */
export async function resolveHeld(runtime: Runtime, flags: TargetFlags): Promise<Held> {
  const target = await resolveTarget(runtime, flags);
  const given = environmentCredential(runtime);
  if (given !== undefined) return environmentHeld(target, given, runtime);
  return await readHeld(runtime, target).catch((error) => throwBlank(error, runtime));
}

/** A secret that a CI job was not given leaves its variable empty. */
function throwBlank(error: unknown, { env }: Pick<Runtime, "env">): never {
  const blank = env["MESHERY_API_TOKEN"] !== undefined;
  if (!blank || !isMeshauthError(error) || error.code !== "MESHAUTH_E_NOT_AUTHENTICATED") throw error;
  throw new MeshauthError("MESHAUTH_E_NOT_AUTHENTICATED", {
    why: `MESHERY_API_TOKEN is set but empty. ${error.why}`,
    next: ["Give MESHERY_API_TOKEN a value: in CI, is the secret there for this job?", ...error.next],
  });
}

/** The credential in a target's file. @throws MeshauthError as {@link resolveHeld} does. */
export async function readHeld(runtime: Runtime, target: Target): Promise<Held> {
  return fileHeld(target, await target.store.look(), runtime);
}
