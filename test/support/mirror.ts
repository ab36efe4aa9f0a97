import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runServer } from "verdaccio";
import { closureOf, type InstalledPackage } from "./closure.js";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const run = promisify(execFile);

/** What a package made by `provider new` depends on. */
export const FOR_PROVIDERS: readonly string[] = [
  "@meshauth/provider-api",
  "@meshauth/provider-testkit",
  "@types/node",
  "typescript",
  "vitest",
];

/** A registry on loopback that holds our own packages and those of others that they need. It asks nobody else. */
export interface Mirror {
  readonly url: string;
  /** How many versions it had at first. */
  readonly size: number;
  /** An environment in which npm knows this registry and nothing of the machine's user. */
  readonly env: Readonly<Record<string, string>>;
  /** Lines for `.npmrc` with which npm may publish: what `npm login` leaves there. */
  readonly login: string;
  close(): Promise<void>;
}

/**
 * Starts a registry that has packages and everything that they need, packed from what is installed in this
 * repository, our own as built. Anybody may read, and one user may publish.
 */
export async function startMirror(names: readonly string[] = FOR_PROVIDERS): Promise<Mirror> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "meshauth-mirror-")));
  const storage = join(folder, "storage");
  const versions = await packAll(closureOf(root, names), folder);
  for (const group of byName(versions).values()) store(group, storage);
  const server = await runServer({
    self_path: join(folder, "config.yaml"),
    configPath: join(folder, "config.yaml"),
    storage,
    uplinks: {},
    packages: { "**": { access: "$all", publish: "$authenticated", unpublish: "$authenticated" } },
    auth: { htpasswd: { file: join(folder, "htpasswd"), max_users: 1 } },
    log: { type: "stdout", format: "json", level: "fatal" },
    web: { enable: false },
  } as never);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    size: versions.length,
    env: {
      npm_config_registry: url,
      npm_config_cache: join(folder, "npm-cache"),
      npm_config_globalconfig: join(folder, "npmrc-global"),
      npm_config_update_notifier: "false",
      npm_config_audit: "false",
      npm_config_fund: "false",
    },
    login: `//${new URL(url).host}/:_authToken=${await addUser(url)}\n`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One version of one package, packed. */
interface Packed {
  readonly name: string;
  readonly tarball: string;
  readonly manifest: Manifest;
  /** Whether it is the one that this repository itself uses, where there are several. */
  readonly main: boolean;
}

async function packAll(packages: readonly InstalledPackage[], folder: string): Promise<Packed[]> {
  const own = packages.filter(({ own }) => own);
  const foreign = packages.filter(({ own }) => !own);
  const packed: Packed[] = [];
  mkdirSync(join(folder, "packed"));
  for (const [index, { name, root: source }] of foreign.entries()) {
    const tarball = join(folder, "packed", `${index}.tgz`);
    // What is inside of it is packed by itself, unless it was published with it.
    const inside = isBundled(source) ? [] : ["--exclude=./node_modules"];
    const words = [...inside, "--transform=s,^\\.,package,", "-C", source, "."];
    await run("tar", ["--use-compress-program=gzip -1", "-cf", tarball, ...words]);
    const main = relative(root, source) === join("node_modules", name);
    packed.push({ name, tarball, manifest: manifestOf(source), main });
  }
  return [...packed, ...(await packOwn(own, join(folder, "packed")))];
}

/** Our own as they would be published. Their scripts would write into the checkout; the build has made what they make. */
async function packOwn(packages: readonly InstalledPackage[], destination: string): Promise<Packed[]> {
  if (packages.length === 0) return [];
  const workspaces = packages.map(({ root: source }) => `--workspace=${relative(root, source)}`);
  const args = ["pack", "--json", "--ignore-scripts", "--offline", `--pack-destination=${destination}`];
  const { stdout } = await run("npm", [...args, ...workspaces], { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  const parsed: unknown = JSON.parse(stdout);
  const list = (Array.isArray(parsed) ? parsed : Object.values(parsed as object)) as {
    name: string;
    filename: string;
  }[];
  return packages.map(({ name, root: source }) => {
    const filename = list.find((item) => item.name === name)?.filename ?? "";
    const tarball = join(destination, filename.replace("@", "").replace("/", "-"));
    return { name, tarball, manifest: manifestOf(source), main: true };
  });
}

function byName(versions: readonly Packed[]): Map<string, Packed[]> {
  const groups = new Map<string, Packed[]>();
  for (const version of versions) groups.set(version.name, [...(groups.get(version.name) ?? []), version]);
  return groups;
}

/** Puts the versions of one package where the registry keeps them. */
function store(group: readonly Packed[], storage: string): void {
  const [first] = group;
  if (first === undefined) return;
  const { name } = first;
  const folder = join(storage, name);
  mkdirSync(folder, { recursive: true });
  const time = new Date().toISOString();
  const entries = group.map(({ tarball, manifest }) => {
    const content = readFileSync(tarball);
    const file = `${basename(name)}-${manifest.version}.tgz`;
    renameSync(tarball, join(folder, file));
    const shasum = createHash("sha1").update(content).digest("hex");
    const integrity = `sha512-${createHash("sha512").update(content).digest("base64")}`;
    const dist = { shasum, integrity, tarball: `http://127.0.0.1/${name}/-/${file}` };
    return {
      version: manifest.version,
      file,
      shasum,
      data: { ...manifest, _id: `${name}@${manifest.version}`, dist },
    };
  });
  const latest = (group.find(({ main }) => main) ?? first).manifest.version;
  const document = {
    name,
    _id: name,
    _rev: "1-0000000000000000",
    versions: Object.fromEntries(entries.map(({ version, data }) => [version, data])),
    time: {
      created: time,
      modified: time,
      ...Object.fromEntries(entries.map(({ version }) => [version, time])),
    },
    "dist-tags": { latest },
    users: {},
    readme: "",
    _uplinks: {},
    _distfiles: {},
    _attachments: Object.fromEntries(entries.map(({ file, shasum, version }) => [file, { shasum, version }])),
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(document));
}

/** Whether a package brings its dependencies along, as npm does. */
function isBundled(folder: string): boolean {
  const { bundleDependencies, bundledDependencies } = manifestOf(folder);
  return Boolean(bundleDependencies ?? bundledDependencies);
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bundleDependencies?: unknown;
  readonly bundledDependencies?: unknown;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** What `npm adduser` does. */
async function addUser(url: string): Promise<string> {
  const name = "author";
  const response = await fetch(`${url}-/user/org.couchdb.user:${name}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name, password: "made-up-password", email: "author@example.org", type: "user" }),
  });
  const { token } = (await response.json()) as { token?: string };
  if (token === undefined) throw new Error(`The registry made no user: ${response.status}`);
  return token;
}
