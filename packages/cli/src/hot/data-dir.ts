import { join } from "node:path";

/**
 * The program's data folder, as oclif finds it: `MESHAUTH_DATA_DIR`, or `meshauth` in the data folder of the user.
 *
 * @returns `undefined` where oclif would ask the system for the home directory.
 */
export function dataDirOf({ env, platform }: Pick<NodeJS.Process, "env" | "platform">): string | undefined {
  const given = env["MESHAUTH_DATA_DIR"];
  if (given) return given;
  const home = env["HOME"];
  const base =
    env["XDG_DATA_HOME"] ||
    (platform === "win32" && env["LOCALAPPDATA"]) ||
    (home && join(home, ".local/share"));
  return base ? join(base, "meshauth") : undefined;
}
