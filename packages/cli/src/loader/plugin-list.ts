import { type Stats, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isJsonObject, member, type Origin, type PluginProblem, readJsonObjectSync } from "@meshauth/core";

/** One entry of the list of plugins that the user installed or linked. */
export interface ListedPlugin {
  readonly name: string;
  readonly origin: Exclude<Origin, "built-in">;
  readonly root: string;
  /** What it is updated from: a version or tag of the registry, or a `file:` or other address. */
  readonly tag?: string;
  readonly url?: string;
}

/** What the data folder's `package.json` lists. */
export interface PluginList {
  readonly plugins: readonly ListedPlugin[];
  /** What is wrong with the list itself. */
  readonly problems: readonly PluginProblem[];
}

const ATTEMPTS = 4;
const PAUSE_MS = 25;

/**
 * Reads the list of plugins, `oclif.plugins` of the `package.json` in the data folder. No file is an empty
 * list; a file that makes no sense is a problem and never an error.
 */
export async function readPluginList(dataDir: string): Promise<PluginList> {
  const path = listPath(dataDir);
  const problem = (reason: string): PluginProblem => ({
    package: path,
    origin: "user",
    reason,
    next: "meshauth plugins reset",
  });
  let entries: unknown;
  try {
    entries = await readEntries(path);
  } catch (error) {
    return {
      plugins: [],
      problems: [problem(error instanceof Error ? error.message : "It cannot be read.")],
    };
  }
  if (entries === undefined) return { plugins: [], problems: [] };
  if (!Array.isArray(entries))
    return { plugins: [], problems: [problem("Its list of plugins is not a list.")] };
  const plugins: ListedPlugin[] = [];
  const problems: PluginProblem[] = [];
  const doubt = doubtOf([dataDir, path]);
  for (const entry of entries) {
    const plugin = parseEntry(entry, dataDir);
    if (typeof plugin === "string") problems.push(problem(plugin));
    // The code of what is linked runs without a question, so the list must be the user's own.
    else if (plugin.origin === "link" && doubt)
      problems.push({ package: plugin.name, origin: "link", ...doubt });
    else plugins.push(plugin);
  }
  return { plugins, problems };
}

/** Why another user may have written one of these, and what to do about it. */
function doubtOf(paths: readonly string[]): Pick<PluginProblem, "reason" | "next"> | undefined {
  const me = process.getuid?.();
  if (me === undefined) return undefined;
  for (const path of paths) {
    const shown = JSON.stringify(path);
    const found = statOf(path);
    if (!found) return { reason: `It is linked by a list that is gone: ${shown}.`, next: `ls -ld ${shown}` };
    const { uid, mode } = found;
    if (uid !== me)
      return { reason: `It is linked by a list that is another user's: ${shown}.`, next: `ls -ld ${shown}` };
    if ((mode & 0o022) !== 0)
      return {
        reason: `It is linked by a list that other users can write: ${shown}.`,
        next: `chmod go-w ${shown}`,
      };
  }
  return undefined;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

export function listPath(dataDir: string): string {
  return join(dataDir, "package.json");
}

async function readEntries(path: string): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      const oclif = member(readJsonObjectSync(path, "package.json"), "oclif");
      if (oclif === undefined) return undefined;
      if (!isJsonObject(oclif)) throw new Error('"oclif" in its package.json is not an object.');
      return member(oclif, "plugins");
    } catch (error) {
      if (error instanceof Error && error.message.endsWith("is missing.")) return undefined;
      // An installation that is under way replaces the file in place; half of it may be there.
      if (attempt === ATTEMPTS) throw error;
      await delay(PAUSE_MS);
    }
  }
}

function parseEntry(entry: unknown, dataDir: string): ListedPlugin | string {
  const installed = (name: string, source: Pick<ListedPlugin, "tag" | "url">): ListedPlugin => ({
    name,
    origin: "user",
    root: join(dataDir, "node_modules", name),
    ...source,
  });
  if (typeof entry === "string" && entry !== "") return installed(entry, {});
  if (!isJsonObject(entry)) return "Its list of plugins has an entry that is no plugin.";
  const name = member(entry, "name");
  const type = member(entry, "type");
  if (typeof name !== "string" || name === "") return "Its list of plugins has an entry without a name.";
  if (type === "user") {
    const [tag, url] = [member(entry, "tag"), member(entry, "url")];
    return installed(name, {
      ...(typeof tag === "string" ? { tag } : {}),
      ...(typeof url === "string" ? { url } : {}),
    });
  }
  if (type !== "link") return "Its list of plugins has an entry that is neither installed nor linked.";
  const root = member(entry, "root");
  if (typeof root !== "string" || !isAbsolute(root))
    return "Its list of plugins has a link that leads nowhere.";
  return { name, origin: "link", root };
}
