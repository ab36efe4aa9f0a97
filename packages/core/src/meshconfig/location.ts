import type { MesheryPaths } from "./folder.js";
import type { TokenLocation } from "./types.js";

type Paths = Pick<MesheryPaths, "path" | "folder" | "home" | "ctlHome" | "cwd">;

/**
 * Where mesheryctl's login and logout write: an absolute location as it is, anything else in the Meshery
 * folder. Since 2022 a leading `~/` is the home directory; before, it was the name of a folder.
 */
export function writerFile(raw: string, paths: Paths, since: "2021" | "2022" = "2022"): string {
  const { path, folder } = paths;
  const home = paths.ctlHome ?? paths.home;
  if (since === "2022" && raw.startsWith("~/") && home !== undefined) return path.join(home, raw.slice(2));
  return path.isAbsolute(raw) ? path.normalize(raw) : path.join(folder, raw);
}

/**
 * Where all of mesheryctl's other commands read, in every version so far: a location that contains the home
 * directory anywhere is taken as it is, and everything else is appended to the Meshery folder, absolute
 * paths too.
 */
export function readerFile(raw: string, paths: Paths): string {
  const { path, folder, ctlHome } = paths;
  // No mesheryctl works in this folder, so there is no reader to imitate.
  if (ctlHome === undefined) return writerFile(raw, paths);
  return raw.includes(ctlHome) ? path.normalize(raw) : path.join(folder, raw);
}

/**
 * Resolves the location of a token entry by both rules.
 *
 * @returns The file that counts beside them: the one that mesheryctl reads. Only where that depends on the
 *   current directory it is the one that mesheryctl writes.
 */
export function resolveLocation(
  raw: string,
  paths: Paths,
): { readonly location: Omit<TokenLocation, "missingEntry">; readonly credentialFile: string } {
  const { path, cwd } = paths;
  const writer = writerFile(raw, paths);
  const reader = readerFile(raw, paths);
  const fixed = path.isAbsolute(reader);
  return {
    location: {
      raw,
      readerFile: fixed ? reader : path.resolve(cwd, reader),
      writerFile: writer,
      disagrees: reader !== writer,
    },
    credentialFile: fixed ? reader : writer,
  };
}
