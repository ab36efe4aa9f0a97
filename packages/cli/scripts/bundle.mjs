// Makes the few scripts that start fast out of the built modules: one file is read in place of hundreds, and V8's code
// cache can be used. What is beside the way of most commands is a script of its own, loaded when it is needed.
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { replaceFile } from "./replace-file.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = (path) => join(root, "dist", path);
const folderOf = (name) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
const core = folderOf("@meshauth/core");
const oclif = folderOf("@oclif/core");

/** Packages with a script of their own, and whose dependencies they are. */
const SEPARATE = { ejs: oclif, lilconfig: oclif, tinyglobby: oclif, undici: core, yaml: core };
/** Packages that are not bundled, as they work with files of their own. */
const EXTERNAL = ["open", "@meshauth/provider-testkit"];

/** `import()` of what is not bundled: a script that is compiled from a cache gets it as a function. */
const FOREIGN_IMPORT = new RegExp(`\\bimport\\((?=[^"'\`)]|["'](?:node:|${EXTERNAL.join("|")}))`, "g");

const foreignImports = {
  name: "foreign-imports",
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?js$/, namespace: "file" }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const contents = text.replace(FOREIGN_IMPORT, "importModule(");
      return contents === text ? undefined : { contents, loader: "js" };
    });
  },
};

/**
 * Puts something in the place of what is imported by a name that fits `filter`.
 *
 * @param contents - From that name, the source of it.
 * @param where - The folder that its own imports are resolved from; absent: they stay as they are.
 */
function standIn(name, filter, contents, where) {
  return {
    name,
    setup({ onResolve, onLoad }) {
      onResolve({ filter }, ({ path, namespace }) =>
        namespace === name ? undefined : { path, namespace: name },
      );
      if (where === undefined)
        onResolve({ filter: /./, namespace: name }, ({ path }) => ({ path, external: true }));
      onLoad({ filter: /./, namespace: name }, ({ path }) => ({
        contents: contents(path),
        ...(where === undefined ? {} : { resolveDir: where }),
      }));
    },
  };
}

/** oclif asks at each start whether it runs in WSL: the answer needs little of `wsl-utils`. */
const wsl = standIn(
  "wsl",
  /^wsl-utils$/,
  () => `
      export { default as isWsl } from "is-wsl";
      export const powerShellPath = async () => (await import("wsl-utils")).powerShellPath();`,
  oclif,
);

/** oclif takes every text of a help page for a template; few are. */
const templates = standIn(
  "templates",
  /^ejs$/,
  () => `const ejs = require("./ejs.cjs");
      exports.render = (text, ...more) =>
        typeof text === "string" && !text.includes("<%") ? text : ejs.render(text, ...more);`,
);

/** What has a script of its own is asked for by the name of that. */
const separate = standIn(
  "separate",
  new RegExp(`^(?:${Object.keys(SEPARATE).join("|")})$`),
  (name) => `module.exports = require("./${name}.cjs");`,
);

/** Hot commands are a script of their own: what is not read need not be parsed. */
const hot = standIn(
  "hot",
  /^\.\/hot\.js$/,
  () => `module.exports = require("./start/own-bundles.js").ownBundles().load("hot.cjs");`,
  dist(""),
);

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  minify: true,
  legalComments: "none",
  // Asked for where sources in TypeScript are run.
  external: ["typescript"],
  logLevel: "warning",
  define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
};

/** Builds one script. Regular expressions are where it may not be ASCII yet. */
async function bundle(name, { before = "", after = "", ...options }) {
  const { outputFiles, metafile } = await build({ ...shared, ...options, write: false, metafile: true });
  const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const text = outputFiles[0].text.replace(/[^\0-\x7f]/g, escaped);
  const [left] = text.match(/(?<![.$\w])import\((?!\)).{0,40}/) ?? [];
  if (before !== "" && left !== undefined) throw new Error(`${name}: a cached script has no ${left}`);
  await replaceFile(dist(`${name}.cjs`), `${before}${text}${after}`);
  return Object.keys(metafile.inputs);
}

/** The licences of the packages that files belong to; their authors want them to go along. */
async function licences(files) {
  const packages = new Set(
    files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file) ?? []),
  );
  const texts = [...packages].map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, "package.json"), "utf8"));
    const file = (await readdir(join(root, folder))).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? "" : `\n\n${(await readFile(join(root, folder, file), "utf8")).trim()}`;
    return `${name} ${version} (${license})${text}\n`;
  });
  return [...new Set(await Promise.all(texts))].sort().join(`\n${"-".repeat(80)}\n\n`);
}

/** Around what the loader in `src/start` runs. */
const FUNCTION = {
  before: "(function(exports,require,module,__filename,__dirname,importModule){",
  after: "})",
};

const inputs = await Promise.all([
  bundle("start", { entryPoints: [dist("start/main.js")], plugins: [hot] }),
  bundle("hot", { ...FUNCTION, entryPoints: [dist("hot/hot.js")], plugins: [foreignImports, separate] }),
  bundle("program", {
    ...FUNCTION,
    entryPoints: [dist("main.js")],
    plugins: [foreignImports, wsl, templates, separate],
  }),
  ...Object.entries(SEPARATE).map(([name, resolveDir]) =>
    bundle(name, {
      ...FUNCTION,
      stdin: { contents: `module.exports = require("${name}");`, resolveDir },
      plugins: [foreignImports],
    }),
  ),
]);
await replaceFile(dist("licences.txt"), await licences(inputs.flat()));
