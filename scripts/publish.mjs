// Publishes every version that the registry does not have. It can be run again after it died: nothing is published twice.
// DIST_TAG is the tag that users install by, instead of `latest`; without it only the branch main is published.
import { spawnSync } from "node:child_process";
import { build, install, root, runBin } from "./setup.mjs";
import { unreleased } from "./unreleased.mjs";

const tag = process.env.DIST_TAG ?? "";
const branch = git("branch", "--show-current");

if (branch !== "main" && (tag === "" || tag === "latest"))
  stop(`Branch ${branch || "(none)"} would become what everybody installs. Name another tag in DIST_TAG.`);
if (git("status", "--porcelain") !== "")
  stop("Some files differ from the commit. After a run that died: git restore packages");

install();
build();
runBin("lerna/dist/cli.js", "publish", "from-package", "--yes", ...(tag === "" ? [] : ["--dist-tag", tag]));

const left = branch === "main" ? unreleased() : [];
if (left.length > 0)
  process.stderr.write(`Changed, but not released: ${left.map(({ name }) => name).join(", ")}\n`);

function git(...args) {
  const { status, stdout } = spawnSync("git", args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) stop("This is no clone of the repository.");
  return stdout.trim();
}

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
