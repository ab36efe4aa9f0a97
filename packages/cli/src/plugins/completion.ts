import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Interfaces } from "@oclif/core";

/** Makes the completion scripts anew, if the person uses them. @returns Whether that went well. */
export async function refreshCompletion(config: Interfaces.Config): Promise<boolean> {
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
