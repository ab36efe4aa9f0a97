import { join } from "node:path";
import { isJsonObject, member, readJsonObject } from "@meshauth/core";
import { TreeError } from "../trust/tree.js";

/** A package that npm put into a folder. */
export interface LockedPackage {
  /** From the folder: `node_modules/…`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** `sha512-…` of its tarball; null where there is none. */
  readonly integrity: string | null;
  /** Whether npm would run code of it if it were allowed to. */
  readonly hasInstallScript: boolean;
}

/**
 * What npm put into a folder, from its `package-lock.json`.
 *
 * @throws {@link TreeError} when it is too much to be looked at; Error when there is no such file.
 */
export async function lockedPackages(folder: string): Promise<readonly LockedPackage[]> {
  const path = join(folder, "package-lock.json");
  const lock = await readJsonObject(path, "package-lock.json").catch((error: unknown) => {
    if (error instanceof Error && error.message.includes("larger than"))
      throw new TreeError("It needs more packages than any plugin.");
    throw error;
  });
  const packages = member(lock, "packages");
  return Object.entries(isJsonObject(packages) ? packages : {}).flatMap(([at, entry]): LockedPackage[] => {
    if (at === "" || !isJsonObject(entry)) return [];
    const [version, integrity] = [member(entry, "version"), member(entry, "integrity")];
    return [
      {
        path: at,
        name: at.slice(at.lastIndexOf("node_modules/") + "node_modules/".length),
        version: typeof version === "string" ? version : "",
        integrity: typeof integrity === "string" ? integrity : null,
        hasInstallScript: member(entry, "hasInstallScript") === true,
      },
    ];
  });
}
