// The homes in which commands are measured. Real logins make them, so that they hold whatever a login leaves.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup.mjs";
import { environment, PROGRAM, run } from "./run.mjs";

/** Seconds for which the tokens are good: longer than any measurement. */
export const LIFETIME = 86_400;

/**
 * Makes the homes in a folder, with a version of Node.
 *
 * @param counts How many providers of others are installed in the homes that are named by these numbers.
 * @returns By name, where the home is and which variables belong to it.
 */
export async function makeHomes({ node, folder, counts, keep }) {
  const { startSimulator } = await import("@meshauth/meshery-simulator");
  const simulator = await startSimulator({ tokenLifetime: LIFETIME });
  const signIn = (home, ...more) => login({ node, home, keep }, ...more);
  const server = ["--server", simulator.server.url];
  try {
    const homes = { none: homeIn(folder, "none") };
    await signIn(homes.none, ...server);

    homes.contexts = homeIn(folder, "contexts");
    writeFileSync(join(homes.contexts, ".meshery/config.yaml"), configText(simulator.server.url));
    await signIn(homes.contexts);

    homes.bare = homeIn(folder, "bare");
    const [file, copy] = [homes.none, homes.bare].map((home) => join(home, ".meshery/auth.json"));
    copyFileSync(file, copy);

    for (const count of counts) {
      homes[count] = homeIn(folder, `providers-${count}`);
      installProviders(homes[count], count);
      await signIn(homes[count], ...server);
    }
    const entries = Object.entries(homes).map(([name, path]) => [name, { path, env: {} }]);
    const { token } = JSON.parse(readFileSync(file, "utf8"));
    const variable = {
      path: homeIn(folder, "variable"),
      env: { MESHERY_API_TOKEN: token, MESHERY_PROVIDER: "Layer5" },
    };
    return { ...Object.fromEntries(entries), variable };
  } finally {
    await simulator.close();
  }
}

/** Signs in at Layer5; a script is the person with the browser. */
export async function login({ node, home, keep }, ...more) {
  const visitor = `"${process.execPath}" "${join(root, "scripts/visitor.mjs")}"`;
  const env = environment(home, keep, { MESHAUTH_BROWSER: visitor });
  await run([node, PROGRAM, "login", "layer5", ...more], { env });
}

/** An empty home with a Meshery folder. */
export function homeIn(folder, name) {
  const home = join(folder, name);
  mkdirSync(join(home, ".meshery"), { recursive: true, mode: 0o700 });
  return home;
}

/** Where the program keeps its own things in a home. */
export function dataDir(home) {
  return process.platform === "win32"
    ? join(home, "AppData/Local/meshauth")
    : join(home, ".local/share/meshauth");
}

/** Two contexts, as mesheryctl writes them. */
function configText(url) {
  return `contexts:
  local:
    endpoint: ${url}
    token: default
    platform: docker
    components:
      - meshery-istio
      - meshery-linkerd
    channel: stable
    version: latest
    provider: Layer5
  cluster:
    endpoint: https://meshery.example.com
    token: cluster
    platform: kubernetes
    components: []
    channel: stable
    version: latest
    provider: Layer5
current-context: local
tokens:
  - name: default
    location: auth.json
  - name: cluster
    location: cluster.json
`;
}

/** Puts in place what `plugins install` leaves of so many providers. */
function installProviders(home, count) {
  const data = dataDir(home);
  const plugins = Array.from({ length: count }, (_, index) => installProvider(data, `acme-${index}`));
  const dependencies = Object.fromEntries(plugins.map(({ name }) => [name, "^1.0.0"]));
  mkdirSync(data, { recursive: true });
  writeFileSync(
    join(data, "package.json"),
    JSON.stringify({ private: true, dependencies, oclif: { schema: 1, plugins } }),
  );
}

function installProvider(data, id) {
  const name = `${id}-provider`;
  const folder = join(data, "node_modules", name);
  const provider = {
    id,
    title: `Acme ${id}`,
    summary: "Sign in at Acme",
    module: "./index.js",
    flows: ["local"],
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "index.js"), "export default {};\n");
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({
      name,
      version: "1.0.0",
      type: "module",
      oclif: {},
      meshauth: { api: "1.0", providers: [provider] },
    }),
  );
  return { name, type: "user", tag: "latest" };
}
