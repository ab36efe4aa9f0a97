import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** What a test wants to be different from a provider package without anything wrong. */
export interface ProviderPackage {
  readonly version?: string;
  /** Members of the provider's entry. */
  readonly entry?: object;
  /** Members of `package.json`. */
  readonly pjson?: object;
  /** Further files. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Writes a provider package with one local provider. @returns Its folder. */
export async function writeProvider(
  root: string,
  name: string,
  id: string,
  { version = "1.2.3", entry = {}, pjson = {}, files = {} }: ProviderPackage = {},
): Promise<string> {
  const manifest = {
    id,
    title: `Title of ${id}`,
    summary: `Sign in with ${id}.`,
    module: "./index.js",
    flows: ["local"],
  };
  await write(join(root, "package.json"), {
    name,
    version,
    type: "module",
    oclif: {},
    meshauth: { api: "1.0", providers: [{ ...manifest, ...entry }] },
    ...pjson,
  });
  const login = `async login() { return {kind: "local", serverName: "${id}"}; }`;
  await write(join(root, "index.js"), `export default {api: {major: 1, minor: 0}, id: "${id}", ${login}};\n`);
  for (const [file, text] of Object.entries(files)) await write(join(root, file), text);
  return root;
}

/** npm as it comes with oclif's plugin for plugins. */
export function npmProgram(): string {
  const plugins = createRequire(import.meta.url).resolve("@oclif/plugin-plugins");
  return join(dirname(createRequire(plugins).resolve("npm/package.json")), "bin", "npm-cli.js");
}

/** Packs a folder. @returns The tarball. */
export async function pack(root: string, destination: string): Promise<string> {
  await mkdir(destination, { recursive: true });
  const args = [npmProgram(), "pack", root, "--ignore-scripts", "--json", "--pack-destination", destination];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, npm_config_cache: join(destination, ".npm"), npm_config_update_notifier: "false" },
  });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  return join(destination, filename.replace(/^@/, "").replace("/", "-"));
}

export async function write(path: string, content: object | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
}

/** Puts a provider package into a data folder as if it had been installed, besides the ones that are there. */
export async function placePlugin(
  dataDir: string,
  name: string,
  id: string,
  options?: ProviderPackage,
): Promise<string> {
  const root = await writeProvider(join(dataDir, "node_modules", name), name, id, options);
  const path = join(dataDir, "package.json");
  const text = await readFile(path, "utf8").catch(
    () => '{"private":true,"dependencies":{},"oclif":{"plugins":[]}}',
  );
  const list = JSON.parse(text) as { dependencies: Record<string, string>; oclif: { plugins: object[] } };
  list.dependencies[name] = options?.version ?? "1.2.3";
  list.oclif.plugins.push({ name, type: "user", tag: "latest" });
  await write(path, list);
  return root;
}
