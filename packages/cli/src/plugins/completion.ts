import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Interfaces } from "@oclif/core";
import type { Session } from "../loader/index.js";
import { program } from "../program.js";

/** Reads everything anew after files were changed, and brings the completion scripts up to date. */
export async function refreshSession(
  old: Session,
): Promise<{ readonly session: Session; readonly warnings: readonly string[] }> {
  program().wrote = true;
  const session = await old.reload();
  const warnings = (await refreshCompletion(await session.config()))
    ? []
    : ["The completion scripts could not be made anew: meshauth autocomplete --refresh-cache"];
  return { session, warnings };
}

/** Makes the completion scripts anew, if the person uses them. @returns Whether that went well. */
async function refreshCompletion(config: Interfaces.Config): Promise<boolean> {
  try {
    await stat(join(config.cacheDir, "autocomplete"));
  } catch {
    return true;
  }
  try {
    await config.runCommand("autocomplete:create", []);
    return true;
  } catch {
    return false;
  }
}
