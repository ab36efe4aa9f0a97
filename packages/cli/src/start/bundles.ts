import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";
import { CodeCache } from "./code-cache.js";

/**
 * A bundle is one script: a function that takes what Node gives its own modules, and `import()`, which a script that
 * is compiled from a cache does not have.
 */
type Run = (
  exports: unknown,
  require: (id: string) => unknown,
  module: { exports: unknown },
  filename: string,
  dirname: string,
  importModule: (id: string) => Promise<unknown>,
) => void;

/** Modules of Node's that take a millisecond or more to load, and are objects. */
const SLOW: ReadonlySet<string> = new Set([
  ...["child_process", "crypto", "dgram", "dns", "fs/promises", "http", "http2", "https", "inspector", "net"],
  ...["perf_hooks", "readline", "readline/promises", "tls", "tty", "worker_threads", "zlib"],
]);

/** The bundles of the program. */
export class Bundles {
  readonly #folder: string;
  readonly #cacheFolder: string;
  readonly #loaded = new Map<string, { readonly exports: unknown }>();
  readonly #compiled: { readonly script: Script; readonly cache: CodeCache }[] = [];

  /**
   * @param folder - Where the bundles are.
   * @param cacheFolder - Where compiled code may be kept. It need not exist.
   */
  constructor(folder: string, cacheFolder: string) {
    this.#folder = folder;
    this.#cacheFolder = cacheFolder;
  }

  /**
   * Runs a bundle, unless that has been done, and gives what it exports. What it requires by `./` are other bundles;
   * they, and the slow modules of Node, are loaded when they are used.
   */
  load(name: string): unknown {
    const known = this.#loaded.get(name);
    if (known !== undefined) return known.exports;
    const file = join(this.#folder, name);
    const module = { exports: {} as unknown };
    this.#loaded.set(name, module);
    const ofNode = createRequire(file);
    const require = (id: string): unknown => {
      if (id.startsWith("./")) return whenUsed(() => this.load(id.slice(2)) as object);
      return SLOW.has(id.replace(/^node:/, "")) ? whenUsed(() => ofNode(id)) : ofNode(id);
    };
    const run = this.#compile(name, file).runInThisContext() as Run;
    run(module.exports, Object.assign(require, ofNode), module, file, this.#folder, (id) => import(id));
    return module.exports;
  }

  /** Keeps the compiled code of what has been loaded, where it was not at hand. Never fails. */
  keep(): void {
    for (const { script, cache } of this.#compiled.splice(0)) cache.write(script);
  }

  #compile(name: string, filename: string): Script {
    const file = openSync(filename, "r");
    try {
      const cache = new CodeCache(this.#cacheFolder, name, fstatSync(file));
      // A bundle is ASCII.
      return this.#script(filename, readFileSync(file, "latin1"), cache);
    } finally {
      closeSync(file);
    }
  }

  #script(filename: string, source: string, cache: CodeCache): Script {
    const cachedData = cache.read();
    const options = cachedData === undefined ? { filename } : { filename, cachedData };
    const script = new Script(source, options);
    if (cachedData === undefined || script.cachedDataRejected) this.#compiled.push({ script, cache });
    return script;
  }
}

/** Stands for a module, which is loaded when something of it is used for the first time. */
function whenUsed(load: () => object): object {
  let loaded: object | undefined;
  const use = (): object => {
    loaded ??= load();
    return loaded;
  };
  return new Proxy(
    {},
    {
      get: (_, name) => Reflect.get(use(), name),
      has: (_, name) => Reflect.has(use(), name),
      ownKeys: () => Reflect.ownKeys(use()),
      getOwnPropertyDescriptor: (_, name) => {
        const found = Reflect.getOwnPropertyDescriptor(use(), name);
        return found && { ...found, configurable: true };
      },
    },
  );
}
