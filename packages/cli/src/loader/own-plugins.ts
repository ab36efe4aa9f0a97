import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Interfaces } from "@oclif/core";
import type { Command } from "@oclif/core/command";
import { folderOf } from "./built-in.js";
import { loadByOclif } from "./oclif-command.js";
import { staticPlugin } from "./static-plugin.js";

type Manifest = Readonly<Record<string, Command.Cached & { readonly id: string }>>;
type Pjson = Interfaces.PJSON & { readonly name: string; readonly version: string };

/** The classes of the program's own commands, by id. */
export type OwnCommands = Readonly<Record<string, () => Promise<{ readonly default: Command.Class }>>>;

/** The program as its files describe it. */
export interface OwnProgram {
  readonly root: string;
  readonly name: string;
  readonly version: string;
  readonly bin: string;
  /** Names of packages; what is part of the bundle is among them. */
  readonly dependencies: readonly string[];
  /** The program itself and the plugins of oclif that its `package.json` names, by name, the program first. */
  readonly plugins: ReadonlyMap<string, Interfaces.Plugin>;
}

/**
 * Reads the program's own files. Its plugins are made of their manifests alone: none of their code is loaded before
 * one of their commands runs.
 *
 * @param root - The program's folder.
 */
export function readOwnProgram(root: string, classes: OwnCommands): OwnProgram {
  const pjson = readJson<Pjson>(root, "package.json");
  // What is part of the bundle is named for development only, and is the program's own all the same.
  pjson.dependencies = { ...pjson.devDependencies, ...pjson.dependencies };
  const { name, version, oclif, dependencies } = pjson;
  const commands = loadables(root, name, async (id) => {
    const load = classes[id];
    if (load === undefined) throw new Error(`command ${id} not found`);
    return Object.assign((await load()).default, { id });
  });
  const own: Interfaces.Plugin = {
    ...staticPlugin({ name, version, root, type: "core", commands }),
    isRoot: true,
    pjson,
    topics: flattened(oclif.topics),
  };
  const others = (oclif.plugins ?? []).map((other) => oclifPlugin(root, other));
  return {
    root,
    name,
    version,
    bin: oclif.bin ?? name,
    dependencies: Object.keys(dependencies),
    plugins: new Map([own, ...others].map((plugin) => [plugin.name, plugin])),
  };
}

/** A plugin of oclif's. Its hooks are left out. */
function oclifPlugin(from: string, name: string): Interfaces.Plugin {
  const root = folderOf(from, name);
  const pjson = readJson<Pjson>(root, "package.json");
  const commands = loadables(root, name, (id) =>
    loadByOclif({ name, root, type: "core", pjson: { ...pjson } }, id),
  );
  return staticPlugin({ name, version: pjson.version, root, type: "core", commands });
}

function loadables(
  root: string,
  pluginName: string,
  load: (id: string) => Promise<Command.Class>,
): Command.Loadable[] {
  const { commands } = readJson<{ readonly commands: Manifest }>(root, "oclif.manifest.json");
  return Object.values(commands).map(
    (command): Command.Loadable => ({
      ...command,
      pluginName,
      pluginAlias: pluginName,
      pluginType: "core",
      load: () => load(command.id),
    }),
  );
}

type Topics = NonNullable<Interfaces.PJSON["oclif"]["topics"]>;

/** Topics by their whole name, those below a topic behind it. */
function flattened(topics: Topics = {}, above = ""): Interfaces.Topic[] {
  return Object.entries(topics).flatMap(([word, { subtopics, ...topic }]) => {
    const name = `${above}${word}`;
    return [{ ...topic, name }, ...flattened(subtopics, `${name}:`)];
  });
}

function readJson<T>(folder: string, name: string): T {
  return JSON.parse(readFileSync(join(folder, name), "utf8")) as T;
}
