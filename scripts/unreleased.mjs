// Says which packages have changed since their own last release. lerna looks back to the newest tag of any package, so
// after a release of some packages it no longer sees what the others had before. --names prints what --force-publish takes.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./setup.mjs";

/** Packages with changes that no release has, each with its last tag, or `undefined` before the first. */
export function unreleased() {
  const { ignoreChanges } = json("lerna.json").command.version;
  const excluded = ignoreChanges.map((pattern) => `:(exclude,glob)${pattern}`);
  return readdirSync(join(root, "packages"))
    .map((folder) => ({ folder, ...json(`packages/${folder}/package.json`) }))
    .filter((manifest) => manifest.private !== true)
    .map(({ folder, name }) => {
      const tag = git("describe", "--abbrev=0", "--match", `${name}@*`);
      const files = tag && git("diff", "--name-only", tag, "HEAD", "--", `packages/${folder}`, ...excluded);
      return { name, tag, changed: files !== "" };
    })
    .filter(({ changed }) => changed);
}

function json(path) {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}

/** What git prints; `undefined` when it fails, as it does without a tag. */
function git(...args) {
  const { status, stdout } = spawnSync("git", args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return status === 0 ? stdout.trim() : undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = unreleased();
  if (process.argv.includes("--names")) process.stdout.write(`${found.map(({ name }) => name).join(",")}\n`);
  else if (found.length === 0) process.stdout.write("Everything that changed is released.\n");
  else for (const { name, tag } of found) process.stdout.write(`${name}: since ${tag ?? "the beginning"}\n`);
}
