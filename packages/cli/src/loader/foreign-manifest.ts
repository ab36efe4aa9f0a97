import { join } from "node:path";
import { isJsonObject, type JsonObject, member, readJsonObjectSync } from "@meshauth/core";
import { inertDeep, inertLine, type TextContext } from "./foreign-text.js";

/** One command of a foreign plugin, as its manifest describes it, without power. */
export interface ForeignCommand {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly hiddenAliases: readonly string[];
  readonly members: JsonObject;
  /** Where its file is, from the package's folder, piece by piece. */
  readonly relativePath?: readonly string[];
}

const ID = /^[a-z0-9][\w-]*(?::[a-z0-9][\w-]*)*$/i;
const FLAG = /^[a-z0-9][\w-]*$/i;
const CHAR = /^[a-z0-9]$/i;
const VALUE = /^[\w.:/@+-]+$/;

/**
 * Reads `oclif.manifest.json`. Without one that fits, oclif would import every command module of the plugin
 * at every start.
 *
 * @throws Error whose message is the reason.
 */
export function readForeignManifest(root: string, version: string, bin: string): readonly ForeignCommand[] {
  const manifest = readJsonObjectSync(join(root, "oclif.manifest.json"), "oclif.manifest.json");
  const made = member(manifest, "version");
  // As in oclif, the pre-release part does not count.
  if (typeof made !== "string" || made.split("-")[0] !== version.split("-")[0]) {
    throw new Error(`Its oclif.manifest.json was not made for its version ${version}.`);
  }
  const commands = member(manifest, "commands");
  if (!isJsonObject(commands)) throw new Error("Its oclif.manifest.json names no commands.");
  return Object.entries(commands).map(([id, command]) => parseCommand(id, command, bin));
}

function parseCommand(id: string, command: unknown, bin: string): ForeignCommand {
  const refuse = (what: string): never => {
    throw new Error(`Its oclif.manifest.json has a command whose ${what} cannot be used.`);
  };
  if (!ID.test(id) || !isJsonObject(command)) return refuse("id");
  const context = { bin, id };
  const names = (key: string): readonly string[] => {
    const value = member(command, key) ?? [];
    if (!Array.isArray(value)) return refuse(key);
    return value.map((name) => {
      const standard = typeof name === "string" ? name.replaceAll(" ", ":") : "";
      return ID.test(standard) ? standard : refuse(key);
    });
  };
  const file = member(command, "relativePath");
  const isPath = Array.isArray(file) && file.every((piece): piece is string => typeof piece === "string");
  if (file !== undefined && !isPath) return refuse("relativePath");
  return {
    id,
    ...(isPath ? { relativePath: file } : {}),
    aliases: names("aliases"),
    hiddenAliases: names("hiddenAliases"),
    members: {
      ...(inertDeep(command, context) as JsonObject),
      ...lines(command, context),
      flags: definitions(member(command, "flags"), context) ?? refuse("flags"),
      args: definitions(member(command, "args"), context) ?? refuse("args"),
    },
  };
}

/** Flags or arguments; `undefined` when a name of them is none. */
function definitions(value: unknown, context: TextContext): JsonObject | undefined {
  if (value !== undefined && !isJsonObject(value)) return undefined;
  const entries = Object.entries(value ?? {});
  const sound = entries.every(([name, definition]) => {
    if (!FLAG.test(name) || !isJsonObject(definition)) return false;
    const char = member(definition, "char");
    return char === undefined || (typeof char === "string" && CHAR.test(char));
  });
  if (!sound) return undefined;
  return Object.fromEntries(
    entries.map(([name, definition]) => {
      const options = member(definition as JsonObject, "options");
      const { options: _, ...rest } = inertDeep(definition, context) as Record<string, unknown>;
      const words =
        Array.isArray(options) && options.every((word) => typeof word === "string" && VALUE.test(word));
      return [
        name,
        { ...rest, ...lines(definition as JsonObject, context), ...(words ? { options } : {}), name },
      ];
    }),
  );
}

function lines(value: JsonObject, context: TextContext): { summary?: string; description?: string } {
  const summary = inertLine(member(value, "summary"), context);
  const description = inertLine(member(value, "description"), context);
  return {
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
  };
}
