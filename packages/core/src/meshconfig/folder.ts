import { statSync } from "node:fs";
import { type PlatformPath, posix, win32 } from "node:path";
import { MeshauthError } from "../errors/error.js";
import type { MeshconfigInput } from "./types.js";

/** Where the Meshery folder and its config are, and the home that mesheryctl would see for them. */
export interface MesheryPaths {
  readonly path: PlatformPath;
  readonly folder: string;
  readonly file: string;
  /** What named the file; `undefined` when nobody did. */
  readonly namedBy: string | undefined;
  readonly home: string | undefined;
  /**
   * The home directory of a mesheryctl that uses this folder. `undefined` when no mesheryctl can, since it
   * knows `.meshery` in its home and nothing else.
   */
  readonly ctlHome: string | undefined;
  readonly cwd: string;
}

/**
 * Finds the Meshery folder and the config file. The current directory is never taken for a home.
 *
 * @throws MeshauthError `MESHAUTH_E_NO_HOME`.
 */
export function findPaths({ env, home, cwd, platform, flags }: MeshconfigInput): MesheryPaths {
  const path = platform === "win32" ? win32 : posix;
  const usable = home !== undefined && path.isAbsolute(home) && isFolder(home) ? home : undefined;
  const absolute = (given: string): string => path.resolve(cwd, expandHome(given, usable, path));
  const named = env["MESHERY_HOME"]?.trim();
  if (!named && usable === undefined) {
    throw new MeshauthError("MESHAUTH_E_NO_HOME", { why: noHome(home, path) });
  }
  const folder = named ? absolute(named) : path.join(usable ?? "", ".meshery");
  const [namedBy, file] = namedFile(flags.config, env["MESHERY_CONFIG_PATH"]);
  return {
    path,
    folder,
    file: file === undefined ? path.join(folder, "config.yaml") : absolute(file),
    namedBy,
    home: usable,
    ctlHome: named ? ctlHomeOf(folder, usable, path) : usable,
    cwd,
  };
}

function namedFile(flag: string | undefined, variable: string | undefined): [string?, string?] {
  if (flag) return ["--config", flag];
  return variable?.trim() ? ["MESHERY_CONFIG_PATH", variable.trim()] : [];
}

// mesheryctl compares locations with its home as text, so the spelling of the environment is kept.
function ctlHomeOf(folder: string, home: string | undefined, path: PlatformPath): string | undefined {
  if (home !== undefined && path.join(home, ".meshery") === folder) return home;
  return path.basename(folder) === ".meshery" ? path.dirname(folder) : undefined;
}

/** A leading `~/` that no shell expanded: in a quoted argument, or in a file of variables. */
function expandHome(given: string, home: string | undefined, path: PlatformPath): string {
  if (home === undefined) return given;
  if (given === "~") return home;
  return /^~[/\\]/.test(given) ? path.join(home, given.slice(2)) : given;
}

function noHome(home: string | undefined, path: PlatformPath): string {
  const missing = "and MESHERY_HOME names no folder";
  if (!home) return `HOME is not set, ${missing}.`;
  return path.isAbsolute(home)
    ? `HOME names something that is not a folder, ${missing}.`
    : `HOME is a relative path, ${missing}.`;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
