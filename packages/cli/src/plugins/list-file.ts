import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { isJsonObject, type JsonObject, MeshauthError, member, readJsonObject } from "@meshauth/core";
import { listPath, readPluginList } from "../loader/index.js";

/** An entry of the list as oclif keeps it. */
export type ListEntry =
  | { readonly name: string; readonly type: "user"; readonly tag: string }
  | { readonly name: string; readonly type: "user"; readonly url: string }
  | { readonly name: string; readonly type: "link"; readonly root: string };

/** Adds a plugin to the list, in place of one with its name. @throws MeshauthError `MESHAUTH_E_PLUGIN` */
export async function addToList(dataDir: string, entry: ListEntry): Promise<void> {
  await edit(dataDir, (entries) => [...entries.filter((other) => nameOf(other) !== entry.name), entry]);
}

/** Takes a plugin off the list, and off npm's. @throws MeshauthError `MESHAUTH_E_PLUGIN` */
export async function removeFromList(dataDir: string, name: string): Promise<void> {
  await edit(
    dataDir,
    (entries) => entries.filter((other) => nameOf(other) !== name),
    (dependencies) => Object.fromEntries(Object.entries(dependencies).filter(([other]) => other !== name)),
  );
}

/** Makes the file when it is missing. @throws MeshauthError `MESHAUTH_E_PLUGIN` when it makes no sense. */
export async function ensureList(dataDir: string): Promise<void> {
  await edit(dataDir, (entries) => entries);
}

async function edit(
  dataDir: string,
  change: (entries: readonly unknown[]) => readonly unknown[],
  changeDependencies: (dependencies: JsonObject) => JsonObject = (dependencies) => dependencies,
): Promise<void> {
  const content = await read(dataDir);
  const oclif = member(content, "oclif") ?? {};
  const plugins = isJsonObject(oclif) ? (member(oclif, "plugins") ?? []) : undefined;
  const dependencies = member(content, "dependencies") ?? {};
  if (!isJsonObject(oclif) || !Array.isArray(plugins) || !isJsonObject(dependencies)) {
    throw damaged(dataDir, "It does not have the structure of a list of plugins.");
  }
  const next = {
    ...content,
    private: true,
    dependencies: changeDependencies(dependencies),
    oclif: { schema: 1, ...oclif, plugins: change(plugins) },
  };
  await replace(listPath(dataDir), `${JSON.stringify(next, null, 2)}\n`);
}

async function read(dataDir: string): Promise<JsonObject> {
  const { problems } = await readPluginList(dataDir);
  // Written anew it would be the user's own, and links that somebody else put into it would count.
  const doubted = problems.find(({ origin }) => origin === "link");
  if (doubted)
    throw new MeshauthError("MESHAUTH_E_STORE", {
      message: `The list of plugins, ${listPath(dataDir)}, is not changed.`,
      why: doubted.reason,
      next: [`Look at what it links, then: ${doubted.next}`],
    });
  try {
    return await readJsonObject(listPath(dataDir), "package.json");
  } catch (error) {
    if (problems.length === 0) return {};
    throw damaged(dataDir, error instanceof Error ? error.message : "It cannot be read.");
  }
}

function damaged(dataDir: string, why: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_PLUGIN", {
    message: `The list of plugins, ${listPath(dataDir)}, is damaged.`,
    why,
    next: ["meshauth plugins reset"],
  });
}

/** Readers see the old file or the new one. */
async function replace(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    // An address in it may hold a password.
    await writeFile(temporary, content, { flag: "wx", mode: 0o600 });
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

function nameOf(entry: unknown): unknown {
  return isJsonObject(entry) ? member(entry, "name") : entry;
}
