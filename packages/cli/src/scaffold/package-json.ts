import type { OptionSpec, ProviderEntry, ProviderManifest } from "@meshauth/provider-api";
import { PROVIDER_API } from "@meshauth/provider-api";
import type { Facts } from "./facts.js";
import { FLOWS } from "./flows.js";

/** Version ranges of dependencies, by name. */
export type Ranges = Readonly<Record<string, string>>;

/** What a new package needs that is not ours. The ranges are those of this repository's own tools. */
export const FOREIGN: Ranges = {
  "@types/node": "^20.19.43",
  typescript: "^7.0.2",
  vitest: "^4.1.12",
};

/** What a new package says about its provider. */
export function entryOf({ id, title, serverName, host, env, flow }: Facts): ProviderEntry {
  const url: OptionSpec = {
    name: "url",
    type: "url",
    summary: "Address of the server, instead of the public one",
    placeholder: "URL",
    env,
  };
  return {
    id,
    title,
    summary: FLOWS[flow].summary.replaceAll("{{title}}", title),
    module: "./dist/index.js",
    flows: [flow],
    serverNames: [serverName],
    hosts: [host, "configured"],
    options: [...FLOWS[flow].options, url],
  };
}

/**
 * The `package.json` of a new package.
 *
 * @param own - The ranges of our packages, as the program itself has them.
 */
export function packageJson(facts: Facts, own: Ranges): string {
  const entry = entryOf(facts);
  const manifest: ProviderManifest = {
    api: `${PROVIDER_API.major}.${PROVIDER_API.minor}`,
    providers: [entry],
  };
  const ranges = (names: readonly string[]): Ranges =>
    Object.fromEntries([...names].sort().map((name) => [name, own[name] ?? FOREIGN[name] ?? "*"]));
  const content = {
    name: facts.package,
    version: "0.1.0",
    description: `meshauth provider: ${entry.summary}`,
    license: facts.licence,
    type: "module",
    engines: { node: ">=20.19" },
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./package.json": "./package.json",
    },
    files: ["dist", "meshauth-conformance.json"],
    scripts: {
      build: "tsc -p tsconfig.build.json",
      test: "npm run build && tsc && vitest run",
      report: "npm run build && node test/report.js",
      server: "node test/serve.js",
      prepack: "npm run build",
    },
    publishConfig: { access: "public", provenance: true },
    keywords: ["meshauth", "meshauth-provider", "meshery"],
    dependencies: ranges(["@meshauth/provider-api"]),
    devDependencies: ranges(["@meshauth/provider-testkit", ...Object.keys(FOREIGN)]),
    oclif: {},
    meshauth: manifest,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
