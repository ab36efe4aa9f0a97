import { mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { InstalledProvider } from "@meshauth/core";
import { Command } from "@oclif/core/command";
import { boolean, string } from "@oclif/core/flags";
import { onTestFinished, vi } from "vitest";
import type { OwnCommands } from "../../src/loader/index.js";
import { write, writeProvider } from "./provider-package.js";

/** A program made for a test, with two built-in providers, and a data folder of its own. */
export interface ProgramFolder {
  readonly root: string;
  readonly dataDir: string;
  readonly cacheDir: string;
}

/** Makes a program's folder and points the environment at its own data, config and cache folders. */
export async function programFolder(): Promise<ProgramFolder> {
  const base = await realpath(await mkdtemp(join(tmpdir(), "meshauth-cli-")));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(base, { recursive: true, force: true });
  });
  const folders = { root: join(base, "program"), dataDir: join(base, "data"), cacheDir: join(base, "cache") };
  vi.stubEnv("MESHAUTH_DATA_DIR", folders.dataDir);
  vi.stubEnv("MESHAUTH_CACHE_DIR", folders.cacheDir);
  vi.stubEnv("MESHAUTH_CONFIG_DIR", join(base, "config"));
  vi.stubEnv("MESHAUTH_SAFE_MODE", "");
  vi.stubEnv("NODE_ENV", "production");
  const dependencies = ["@oclif/plugin-autocomplete", "@meshauth/provider-api"];
  for (const name of dependencies) await linkDependency(folders.root, name);
  for (const id of ["none", "layer5"]) {
    dependencies.push(`@meshauth/provider-${id}`);
    await writeProvider(
      join(folders.root, "node_modules/@meshauth", `provider-${id}`),
      `@meshauth/provider-${id}`,
      id,
    );
  }
  await write(join(folders.root, "package.json"), {
    name: "@meshauth/cli",
    version: "0.1.0",
    type: "module",
    dependencies: Object.fromEntries(dependencies.map((name) => [name, "*"])),
    oclif: {
      bin: "meshauth",
      dirname: "meshauth",
      topicSeparator: " ",
      plugins: ["@oclif/plugin-autocomplete"],
      topics: { plugins: { description: "Plugins." } },
    },
  });
  const commands = ["help", "login", "plugins", "status"].map((id) => [id, manifestOf(id)]);
  await write(join(folders.root, "oclif.manifest.json"), {
    version: "0.1.0",
    commands: Object.fromEntries(commands),
  });
  return folders;
}

function manifestOf(id: string): object {
  return { id, aliases: [], hiddenAliases: [], args: {}, flags: {}, hidden: false, strict: true };
}

class Nothing extends Command {
  override async run(): Promise<void> {}
}

/** Stand-ins for the program's own commands. */
export const commands: OwnCommands = {
  help: () => import("../../src/commands/help.js"),
  login: async () => ({ default: class extends Nothing {} }),
  plugins: async () => ({ default: class extends Nothing {} }),
  status: async () => ({ default: class extends Nothing {} }),
};

/** A stand-in for the command class of one provider. */
export function createLoginCommand({ entry }: InstalledProvider): Command.Class {
  const options = (entry.options ?? []).filter(({ argument }) => !argument);
  return class Login extends Command {
    static override summary = entry.summary;
    static override baseFlags = { json: boolean({ description: "JSON." }) };
    static override flags = Object.fromEntries(
      options.map(({ name, summary, values }) => [
        name,
        string({
          summary,
          ...(values === undefined ? {} : { options: [...values] }),
          default: async () => "x",
        }),
      ]),
    );
    async run(): Promise<unknown> {
      const { flags } = await this.parse(Login);
      return { id: entry.id, flags };
    }
  };
}

async function linkDependency(root: string, name: string): Promise<void> {
  const path = join(root, "node_modules", name);
  const found = createRequire(import.meta.url)
    .resolve.paths(name)
    ?.map((modules) => join(modules, name));
  await mkdir(dirname(path), { recursive: true });
  for (const target of found ?? []) {
    const real = await realpath(target).catch(() => undefined);
    if (real === undefined) continue;
    await symlink(real, path);
    return;
  }
  throw new Error(`${name} is not installed.`);
}
