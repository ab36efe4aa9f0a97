import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isJsonObject, MeshauthError, member, PACKAGE_NAME, printable, readJsonObject } from "@meshauth/core";
import type { ListedPlugin } from "../loader/index.js";
import { npmSpec, type PluginSpec } from "./spec.js";
import type { PluginWork } from "./work.js";

/**
 * Fetches a package into a folder of its own, where it can be looked at without touching what is installed.
 *
 * @param use - Gets the package as it would be listed. The folder is gone when it returns.
 */
export async function withStaged<T>(
  spec: PluginSpec,
  { npm, dataDir }: Pick<PluginWork, "npm" | "dataDir">,
  use: (staged: ListedPlugin) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "meshauth-plugin-"));
  try {
    await writeFile(join(folder, "package.json"), '{"private":true}');
    // npm reads the settings of the folder that it works in.
    await copyFile(join(dataDir, ".npmrc"), join(folder, ".npmrc")).catch(() => undefined);
    await npm("install", [npmSpec(spec)], folder);
    const name = await installedName(folder, spec);
    return await use({ name, origin: "user", root: join(folder, "node_modules", name) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function installedName(folder: string, spec: PluginSpec): Promise<string> {
  const dependencies = member(
    await readJsonObject(join(folder, "package.json"), "package.json"),
    "dependencies",
  );
  const [name, ...others] = isJsonObject(dependencies) ? Object.keys(dependencies) : [];
  if (name !== undefined && others.length === 0 && PACKAGE_NAME.test(name)) return name;
  throw new MeshauthError("MESHAUTH_E_PLUGIN", {
    message: `${printable(npmSpec(spec), 120)} holds no package that could be installed.`,
    why: "Its package.json is missing, or has no name that npm would take.",
    next: ["meshauth plugins install NAME"],
  });
}
