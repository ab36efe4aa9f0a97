import { join } from "node:path";
import { put } from "./files.js";
import type { Home } from "./program.js";

export interface ThirdParty {
  /** Id of the provider, and base of the package's name. */
  readonly id: string;
  /** The whole module. */
  readonly module: string;
  /** Further members of its entry in the manifest. */
  readonly entry?: object;
  /** Further members of its `package.json`. */
  readonly pjson?: object;
  readonly files?: Readonly<Record<string, string>>;
}

/** The folder of a home in which meshauth keeps its own data. */
export function dataDir(home: Home): string {
  return join(home.path, ".local/share/meshauth");
}

/** The name of the package of a third-party provider. */
export function packageName(id: string): string {
  return `${id}-package`;
}

/** A module whose `login` is this code; `request` and `host` can be used in it. */
export function moduleWith(id: string, login: string, top = ""): string {
  return `${top}
export default {
  api: { major: 1, minor: 0 },
  id: ${JSON.stringify(id)},
  async login(request, host) { ${login} },
};
`;
}

/** Writes provider packages into a home and lists them, as `plugins link` would. */
export function linkProviders(home: Home, packages: readonly ThirdParty[]): void {
  const plugins = packages.map(({ id, module, entry = {}, pjson = {}, files = {} }) => {
    const name = packageName(id);
    const root = join(home.path, "packages", name);
    const provider = {
      id,
      title: `Title of ${id}`,
      summary: `Sign in with ${id}`,
      module: "./index.js",
      flows: ["local"],
      ...entry,
    };
    const manifest = {
      name,
      version: "1.2.3",
      type: "module",
      oclif: {},
      meshauth: { api: "1.0", providers: [provider] },
      ...pjson,
    };
    put(join(root, "package.json"), JSON.stringify(manifest));
    put(join(root, "index.js"), module);
    for (const [file, text] of Object.entries(files)) put(join(root, file), text);
    return { name, type: "link", root };
  });
  const list = { private: true, dependencies: {}, oclif: { schema: 1, plugins } };
  put(join(dataDir(home), "package.json"), JSON.stringify(list));
}
