// Questions to the graph of an installation, as npm's lock file has it: packages by their paths.

const MODULES = "node_modules/";

/** @returns The paths of all packages that are there because of one dependency of a package alone, its own first. */
export function onlyBy(packages, parent, dependency) {
  const start = `${MODULES}${parent}`;
  const without = reached(packages, start, (path, name) => path === start && name === dependency);
  const own = reached(packages, pathOf(packages, start, dependency), () => false);
  return [...own].filter((path) => !without.has(path));
}

/** @returns `{name, versions}` of the packages that are there more than once. What a package brings along is not counted. */
export function twice(packages) {
  const versions = new Map();
  for (const [path, { version, inBundle }] of Object.entries(packages)) {
    const name = nameOf(path);
    if (!inBundle) versions.set(name, [...(versions.get(name) ?? []), version].sort());
  }
  return [...versions]
    .filter(([, list]) => list.length > 1)
    .map(([name, list]) => ({ name, versions: list }));
}

/** @returns What dependencies are for, by name: the README's table has the names in code, and the words beside them. */
export function purposes(readme) {
  const rows = [...readme.matchAll(/^\| ((?:`[^`|]+`(?:, )?)+) \| ([^|]+) \|$/gm)];
  return Object.fromEntries(
    rows.flatMap(([, names, words]) =>
      [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => [name, words.trim()]),
    ),
  );
}

/** All packages that one needs, itself included, over no edge that is left out. */
function reached(packages, start, isLeftOut, seen = new Set()) {
  if (start === undefined || seen.has(start)) return seen;
  seen.add(start);
  const { dependencies, optionalDependencies } = packages[start];
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies }))
    if (!isLeftOut(start, name)) reached(packages, pathOf(packages, start, name), isLeftOut, seen);
  return seen;
}

/** Where a package finds a dependency: in its own folder, or in one above. */
function pathOf(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, folder.lastIndexOf(`/${MODULES}`))) {
    const path = `${folder}/${MODULES}${name}`;
    if (packages[path]) return path;
    if (!folder.includes(`/${MODULES}`)) break;
  }
  return packages[`${MODULES}${name}`] ? `${MODULES}${name}` : undefined;
}

function nameOf(path) {
  return path.slice(path.lastIndexOf(MODULES) + MODULES.length);
}
