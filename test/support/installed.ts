import { spawnSync } from "node:child_process";

/** Whether a command is installed, and works with these arguments. */
export function works(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

/** Whether processes can be given a view of the file system of their own. */
export const canMount: boolean =
  process.getuid?.() === 0 && works("unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt");

/** What the name of a test says that does not run here. */
export function because(...needs: readonly (readonly [met: boolean, what: string])[]): string | undefined {
  const missing = needs.filter(([met]) => !met).map(([, what]) => what);
  return missing.length === 0 ? undefined : `not tested here: ${missing.join(" and ")} needed`;
}
