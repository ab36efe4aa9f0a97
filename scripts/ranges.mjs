// Documents and examples name versions of our packages. This sets them to what the packages have now, and stages what
// it changed: `lerna version` runs it as the script "version" before it commits. --check only says what is out of date.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

const RANGE = /("@meshauth\/([a-z0-9-]+)": ")\^\d+\.\d+\.\d+[^"]*(")/g;
// Changelogs tell what was, and a package's own manifest is lerna's business.
const PLACES = ["docs/*.md", "packages/*/README.md", "examples/*/package.json", "examples/*/README.md"];

const outdated = tracked().filter((path) => {
  const before = readFileSync(join(root, path), "utf8");
  const after = before.replace(RANGE, (_, start, folder, end) => `${start}^${versionOf(folder)}${end}`);
  if (before !== after && !process.argv.includes("--check")) writeFileSync(join(root, path), after);
  return before !== after;
});

if (process.argv.includes("--check")) {
  for (const path of outdated)
    process.stderr.write(`${path} names versions that are not those of the packages.\n`);
  process.exitCode = outdated.length === 0 ? 0 : 1;
} else if (outdated.length > 0) git("add", "--", ...outdated);

function tracked() {
  return git("ls-files", "--", ...PLACES.map((pattern) => `:(glob)${pattern}`))
    .split("\n")
    .filter((path) => path !== "");
}

function versionOf(folder) {
  return JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")).version;
}

function git(...args) {
  const { status, stdout, stderr } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
