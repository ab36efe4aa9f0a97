// How large an installation of the program is, and what each of its direct dependencies adds.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "../setup.mjs";
import { onlyBy, purposes, twice } from "./dependencies.mjs";
import { rounded } from "./stats.mjs";
import { table } from "./table.mjs";

const CLI = "@meshauth/cli";

/** How many of the largest packages are named. */
const LARGEST = 6;

/** Installs the packed program into a folder and prints what came. @returns The same as numbers; sizes in MiB. */
export function installSize(folder) {
  const tarballs = pack(folder);
  const place = join(folder, "install");
  mkdirSync(place);
  const { [CLI]: program, ...overrides } = tarballs;
  writeFileSync(
    join(place, "package.json"),
    JSON.stringify({ private: true, dependencies: { [CLI]: program }, overrides }),
  );
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  npm(["install", ...quiet], place);

  const { packages } = JSON.parse(readFileSync(join(place, "node_modules/.package-lock.json"), "utf8"));
  const sizes = Object.fromEntries(Object.keys(packages).map((path) => [path, ownSize(join(place, path))]));
  const sizeOf = (paths) => mebibytes(paths.reduce((sum, path) => sum + sizes[path], 0));
  const texts = purposes(readFileSync(join(root, "README.md"), "utf8"));
  const direct = Object.keys(packages[`node_modules/${CLI}`].dependencies ?? {});
  const dependencies = direct.map((name) => {
    const own = onlyBy(packages, CLI, name);
    return {
      name,
      itself: sizeOf([`node_modules/${name}`]),
      packages: own.length,
      size: sizeOf(own),
      purpose: texts[name] ?? description(place, name),
    };
  });
  const result = {
    packages: Object.keys(packages).length,
    size: sizeOf(Object.keys(packages)),
    program: sizeOf([`node_modules/${CLI}`]),
    dependencies: dependencies.sort((a, b) => b.size - a.size || b.itself - a.itself),
    largest: largest(packages, sizeOf),
    twice: twice(packages),
  };
  process.stdout.write(`\n${text(result)}`);
  return result;
}

/** @returns The largest packages with all that stands in their folders, as what npm brings along does. */
function largest(packages, sizeOf) {
  return Object.keys(packages)
    .filter((path) => !packages[path].inBundle)
    .map((path) => ({
      name: path.replace(/.*node_modules\//, ""),
      size: sizeOf(Object.keys(packages).filter((other) => other === path || other.startsWith(`${path}/`))),
    }))
    .sort((a, b) => b.size - a.size)
    .slice(0, LARGEST);
}

/** Packs what is published. @returns The tarballs' addresses, by name. */
function pack(folder) {
  const destination = join(folder, "tarballs");
  mkdirSync(destination);
  const manifests = readdirSync(join(root, "packages")).map((name) =>
    JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")),
  );
  const published = manifests.filter((manifest) => !manifest.private);
  const names = published.map(({ name }) => `--workspace=${name}`);
  npm(["pack", ...names, `--pack-destination=${destination}`, "--loglevel=error"], root);
  return Object.fromEntries(
    published.map(({ name, version }) => {
      const file = `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
      return [name, `file:${join(destination, file)}`];
    }),
  );
}

function npm(args, cwd) {
  const windows = process.platform === "win32";
  run(windows ? "npm.cmd" : "npm", args, { cwd, shell: windows, stdio: ["ignore", "ignore", "inherit"] });
}

function description(place, name) {
  const path = join(place, "node_modules", name, "package.json");
  return JSON.parse(readFileSync(path, "utf8")).description ?? "";
}

/** The bytes of a package's own files, without the packages in its node_modules. */
function ownSize(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? sum : sum + ownSize(path);
    return entry.isFile() ? sum + statSync(path).size : sum;
  }, 0);
}

function mebibytes(bytes) {
  return rounded(bytes / 1024 / 1024);
}

function text({ packages, size, program, dependencies, largest: large, twice: more }) {
  const rows = dependencies.map((entry) => [
    entry.name,
    entry.purpose,
    entry.itself.toFixed(2),
    `${entry.packages}`,
    entry.size.toFixed(2),
  ]);
  const head = ["direct dependency", "what it is for", "itself, MiB", "packages", "MiB"];
  const versions = more.map(({ name, versions: list }) => `${name} ${list.join(" and ")}`);
  return `npm install ${CLI}: ${packages} packages, ${size} MiB, of which the program itself has ${program}.
The last two columns are what would not be there without a dependency.

${table([head, ...rows], 2)}
The largest packages, MiB: ${large.map((entry) => `${entry.name} ${entry.size.toFixed(2)}`).join(", ")}.
There more than once, what npm brings in its own folder apart: ${versions.length === 0 ? "nothing" : versions.join(", ")}.
`;
}
