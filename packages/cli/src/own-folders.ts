import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** What the folders of {@link ownFolder} depend on. */
export interface FolderInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/**
 * The program's own folder for its config, for data, or for what can be made again, by oclif's rule, for whoever needs it before oclif
 * is there. The path may be relative, as the variables may be.
 */
export function ownFolder(kind: "cache" | "config" | "data", { env, platform }: FolderInput): string {
  const named = env[`MESHAUTH_${kind.toUpperCase()}_DIR`];
  if (named) return named;
  const home = homeFolder({ env, platform });
  if (kind === "cache" && platform === "darwin") return join(home, "Library", "Caches", "meshauth");
  const base =
    env[`XDG_${kind.toUpperCase()}_HOME`] ||
    (platform === "win32" && env["LOCALAPPDATA"]) ||
    join(home, kind === "data" ? ".local/share" : `.${kind}`);
  return join(base, "meshauth");
}

function homeFolder({ env, platform }: FolderInput): string {
  const { HOME, HOMEDRIVE, HOMEPATH, USERPROFILE } = env;
  if (HOME) return HOME;
  const ofWindows = HOMEDRIVE && HOMEPATH ? join(HOMEDRIVE, HOMEPATH) : USERPROFILE;
  return (platform === "win32" && ofWindows) || homedir() || tmpdir();
}
