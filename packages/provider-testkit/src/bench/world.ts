import { mkdir, mkdtemp, readdir, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join, relative } from "node:path";
import type { ProviderExample } from "../definition.js";

/** The pretended user's folder: home, working folder and folder for temporary files in one. */
export class World {
  readonly home: string;

  private constructor(home: string) {
    this.home = home;
  }

  static async create(): Promise<World> {
    return new World(await realpath(await mkdtemp(join(tmpdir(), "meshauth-conformance-"))));
  }

  /** Empties the folder, and writes the files of an example. */
  async reset(files: ProviderExample["files"] = {}): Promise<void> {
    const names = await readdir(this.home);
    await Promise.all(names.map((name) => rm(join(this.home, name), { recursive: true, force: true })));
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.home, name);
      if (isAbsolute(name) || relative(this.home, path).startsWith("..")) {
        throw new Error(`The file ${name} of the example is not in the home directory.`);
      }
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
  }

  /** Every path below the folder, with what tells when it was changed. */
  async snapshot(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    const names = await readdir(this.home, { recursive: true });
    await Promise.all(
      names.map(async (name) => {
        const stats = await stat(join(this.home, name)).catch(() => undefined);
        if (stats)
          found.set(name, stats.isDirectory() ? "folder" : `${stats.size} ${stats.mtimeMs} ${stats.ino}`);
      }),
    );
    return found;
  }

  async remove(): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }
}

/** What is different, each completing "it …". */
export function changesBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    if (old === now) return [];
    if (old === undefined) return [`made ${name} in the home directory`];
    return [`${now === undefined ? "removed" : "changed"} ${name} in the home directory`];
  });
}
