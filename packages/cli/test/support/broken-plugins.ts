import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** One plugin that is broken, or hostile, in one way. */
export interface BrokenPlugin {
  readonly name: string;
  /** What the list of problems says about it; absent when it is left in, without what is wrong with it. */
  readonly problem?: RegExp;
  /** What the list file says; default: installed. */
  readonly entry?: unknown;
  /** Relative to its folder; absent: there is no folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** A link to make: where, and where to. */
  readonly link?: readonly [string, string];
  /** The id of the provider that can be used all the same. */
  readonly provider?: string;
}

const VERSION = "1.0.0";

/**
 * Packages with everything that can be wrong with a plugin. Whatever code they hold leaves a line in the
 * file `marker` when it runs.
 */
export function brokenPlugins(marker: string): readonly BrokenPlugin[] {
  const mark = `(await import("node:fs")).appendFileSync(${JSON.stringify(marker)}, import.meta.url + "\\n");\n`;
  const entry = (id: string, other: object = {}) => ({
    id,
    title: `Title of ${id}`,
    summary: `Sign in with ${id}.`,
    module: "./index.js",
    flows: ["local"],
    ...other,
  });
  const pjson = (name: string, other: object = {}) =>
    JSON.stringify({ name, version: VERSION, type: "module", oclif: {}, ...other });
  const declares = (...providers: object[]) => ({ meshauth: { api: "1.0", providers } });
  const module = (id: string) =>
    `${mark}export default {api: {major: 1, minor: 0}, id: "${id}", async login() { return {kind: "local", serverName: "${id}"}; }};\n`;
  const commands = { oclif: { commands: "./commands" } };
  const command = `${mark}export default class {static id = "x"; static async run() {}}\n`;
  const manifest = (ids: readonly string[], other: object = {}) =>
    JSON.stringify({
      version: VERSION,
      commands: Object.fromEntries(
        ids.map((id) => [
          id,
          {
            id,
            aliases: [],
            args: {},
            flags: {},
            isESM: true,
            relativePath: ["commands", `${id.split(":").at(-1)}.js`],
            ...other,
          },
        ]),
      ),
    });
  const withHook = (id: string, code: string): BrokenPlugin => {
    const name = `hook-${id}`;
    const oclif = {
      hooks: { init: "./hook.js", prerun: "./hook.js", finally: "./hook.js", preparse: "./hook.js" },
    };
    return {
      name,
      provider: name,
      files: {
        "package.json": pjson(name, { ...declares(entry(name)), oclif }),
        "index.js": module(name),
        "hook.js": `${mark}${code}`,
      },
    };
  };
  const withModule = (name: string, code: string): BrokenPlugin => ({
    name,
    provider: name,
    files: { "package.json": pjson(name, declares(entry(name))), "index.js": `${mark}${code}` },
  });
  const withoutManifest = (name: string, code: string): BrokenPlugin => ({
    name,
    problem: /^Its oclif\.manifest\.json is missing\.$/,
    files: { "package.json": pjson(name, commands), "commands/x.js": `${mark}${code}` },
  });
  const withManifest = (name: string, text: string, problem: RegExp, file = "x"): BrokenPlugin => ({
    name,
    problem,
    files: {
      "package.json": pjson(name, commands),
      "oclif.manifest.json": text,
      [`commands/${file}.js`]: command,
    },
  });
  const declaring = (name: string, problem: RegExp, ...providers: object[]): BrokenPlugin => ({
    name,
    problem,
    files: { "package.json": pjson(name, declares(...providers)), "index.js": module(name) },
  });

  return [
    withoutManifest("command-throws", 'throw new Error("no");'),
    withoutManifest("command-exits", "process.exit(0);"),
    withoutManifest("command-hangs", "await new Promise(() => {});"),
    withoutManifest("command-prints", 'console.log("noise"); export default class {}'),
    withManifest("manifest-text", "not json", /^Its oclif\.manifest\.json is not JSON\.$/),
    withManifest("manifest-null", "null", /^Its oclif\.manifest\.json holds no JSON object\.$/),
    withManifest(
      "manifest-empty",
      JSON.stringify({ version: VERSION }),
      /^Its oclif\.manifest\.json names no commands\.$/,
    ),
    withManifest(
      "manifest-stale",
      manifest(["x"]).replace(VERSION, "0.9.0"),
      /^Its oclif\.manifest\.json was not made for its version 1\.0\.0\.$/,
    ),
    withManifest(
      "command-elsewhere",
      manifest(["x"], { relativePath: ["..", "command-throws", "commands", "x.js"] }),
      /^Its commands' file "\.\.\/command-throws\/commands\/x\.js" is outside of the package\.$/,
    ),
    withManifest(
      "command-shadows",
      manifest(["plugins:x"]),
      /^Its command "plugins x" would be one of meshauth's own\.$/,
    ),
    withManifest(
      "command-in-capitals",
      manifest(["Status"]),
      /^Its command "Status" would be one of meshauth's own\.$/,
    ),
    withManifest(
      "command-is-login",
      manifest(["login:mine"]),
      /^Its command "login mine" would be one of meshauth's own\.$/,
      "mine",
    ),
    withManifest(
      "alias-shadows",
      manifest(["fine"], { hiddenAliases: ["status"] }),
      /^Its command "status" would be one of meshauth's own\.$/,
    ),
    withManifest(
      "same-command-b",
      manifest(["shared"]),
      /^Its command "shared" is taken by another plugin\.$/,
    ),
    {
      name: "same-command-a",
      files: {
        "package.json": pjson("same-command-a", commands),
        "oclif.manifest.json": manifest(["shared"]),
        "commands/shared.js": command,
      },
    },
    {
      name: "command-texts",
      files: {
        "package.json": pjson("command-texts", commands),
        "oclif.manifest.json": manifest(["texts"], {
          summary: `<% process.exit(7) %>$(touch ${marker})`,
          description: "<%= global.process.exit(7) %>",
          examples: ["<%= config.bin %> <%= command.id %>", "<% process.exit(7) %>"],
          hasDynamicHelp: true,
          flags: {
            a: {
              name: "a",
              type: "option",
              description: `\`touch ${marker}\``,
              options: [`$(touch ${marker})`],
            },
          },
        }),
        "commands/texts.js": command,
      },
    },
    { name: "folder-gone", problem: /^Its folder is missing\.$/ },
    { name: "pjson-text", problem: /^Its package\.json is not JSON\.$/, files: { "package.json": "{{{" } },
    { name: "pjson-gone", problem: /^Its package\.json is missing\.$/, files: { "index.js": mark } },
    {
      name: "no-oclif",
      problem: /^It is no plugin: "oclif" in its package\.json is missing\.$/,
      // oclif would look for its settings in these, and run the second.
      files: {
        "package.json": JSON.stringify({
          name: "no-oclif",
          version: VERSION,
          type: "module",
          ...declares(entry("no-oclif")),
        }),
        "oclif.config.js": mark,
        ".oclifrc.mjs": mark,
        "index.js": module("no-oclif"),
      },
    },
    {
      name: "no-provider",
      problem: /^It declares no providers/,
      files: { "package.json": pjson("no-provider"), "index.js": mark },
    },
    {
      name: "other-name",
      problem: /^Its package\.json calls it "somebody-else"\.$/,
      files: { "package.json": pjson("somebody-else") },
    },
    {
      name: "api-newer",
      problem: /^It is written for version 2\.0 of the provider contract, and this meshauth offers 1\.0\.$/,
      files: {
        "package.json": pjson("api-newer", { meshauth: { api: "2.0", providers: [{ anything: true }] } }),
      },
    },
    declaring("id-malformed", /\.id is "No Id"/, entry("No Id")),
    declaring(
      "id-of-built-in",
      /^Its provider id "none" is taken by @meshauth\/provider-none\.$/,
      entry("none"),
    ),
    declaring("id-look-alike", /may be taken for the built-in "none"\.$/, entry("n0ne")),
    declaring("id-twice", /names "twice" twice\.$/, entry("twice"), entry("twice")),
    declaring(
      "flag-taken",
      /\.name is "json", a flag of every login\.$/,
      entry("flag-taken", { options: [{ name: "json", type: "string", summary: "Mine." }] }),
    ),
    declaring(
      "text-is-code",
      /holds one of <% %>/,
      entry("text-is-code", { summary: "<% process.exit(7) %>" }),
    ),
    declaring(
      "module-gone",
      /^Its module \.\/gone\.js is missing\.$/,
      entry("module-gone", { module: "./gone.js" }),
    ),
    {
      name: "module-escapes",
      problem: /^Its module \.\/index\.js is a link out of the package\.$/,
      files: { "package.json": pjson("module-escapes", declares(entry("module-escapes"))) },
      link: ["index.js", "../pjson-gone/index.js"],
    },
    {
      name: "link-gone",
      problem: /^Its folder is missing\.$/,
      entry: { name: "link-gone", type: "link", root: "/nowhere/link-gone" },
    },
    {
      name: "link-relative",
      problem: /a link that leads nowhere\.$/,
      entry: { name: "link-relative", type: "link", root: "here" },
    },
    {
      name: "type-unknown",
      problem: /neither installed nor linked\.$/,
      entry: { name: "type-unknown", type: "core" },
    },
    withHook("throws", 'export default () => { throw new Error("no"); };'),
    withHook("errors", 'export default function () { this.error("no", {exit: 5}); }'),
    withHook("exits", "export default function () { this.exit(3); }"),
    withHook("hangs", "export default () => new Promise(() => {});"),
    withHook("lingers", "export default () => { setTimeout(() => {}, 60_000); };"),
    withHook("rejects", 'export default () => { Promise.reject(new Error("no")); };'),
    withHook("prints", 'export default () => { console.log("noise"); };'),
    withModule("module-throws", 'throw new Error("no luck");'),
    withModule("module-exits", "process.exit(0);"),
    withModule("module-hangs", "await new Promise(() => {});"),
    withModule("module-prints", `console.log("noise"); ${module("module-prints").replace(mark, "")}`),
  ];
}

/**
 * Puts broken plugins into a data folder, as if they had been installed, besides what its list names.
 *
 * @param others - Further entries for the list.
 */
export async function installBroken(
  dataDir: string,
  plugins: readonly BrokenPlugin[],
  others: readonly unknown[] = [],
): Promise<void> {
  for (const { name, files = {}, link } of plugins) {
    const root = join(dataDir, "node_modules", name);
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), text);
    }
    if (link) await symlink(link[1], join(root, link[0]));
  }
  const entries = plugins.map(({ name, entry }) => entry ?? { name, type: "user", tag: "latest" });
  await mkdir(dataDir, { recursive: true });
  await writeFile(
    join(dataDir, "package.json"),
    JSON.stringify({
      private: true,
      dependencies: {},
      oclif: { schema: 1, plugins: [...entries, ...others] },
    }),
  );
}
