// Everything that has to hold: installs what is missing, builds, checks the style and the types, runs the tests.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { build, install, root, run, runBin } from "./setup.mjs";

install();
installSystemPackages(["chromium", "firefox-esr", "strace", "openssl", "ip", "sshd", "ssh", "tinyproxy"]);
build();
runBin("@biomejs/biome/bin/biome", "check", "--error-on-warnings", ".");
runBin("typescript/bin/tsc", "-p", "tsconfig.test.json");
run(process.execPath, [join(root, "scripts/errors.mjs"), "--check"]);
runBin("vitest/vitest.mjs", "run", ...process.argv.slice(2));

/**
 * The tests use real browsers, a fault injector, a proxy and an SSH server. Where they cannot be installed, those tests
 * say so.
 */
function installSystemPackages(names) {
  const packages = {
    ip: "iproute2",
    sshd: "openssh-server",
    ssh: "openssh-client",
    tinyproxy: "tinyproxy-bin",
  };
  // Debian starts what it installs, an SSH server for every network, unless a policy forbids it, as in container images.
  const wanted = existsSync("/usr/sbin/policy-rc.d") ? names : names.filter((name) => name !== "sshd");
  const missing = wanted.filter((name) => !isProgram(name)).map((name) => packages[name] ?? name);
  if (missing.length === 0 || process.getuid?.() !== 0 || !isProgram("apt-get")) return;
  process.stdout.write(`Installing ${missing.join(", ")}; browsers take a minute.\n`);
  aptGet("update", "-qq");
  if (tryInstall(...missing)) return;
  // One that this system does not have, or has by another name, must not keep the others away.
  const failed = missing.filter((name) => !tryInstall(name));
  if (failed.length === 0) return;
  process.stderr.write(`Could not install ${failed.join(", ")}; the tests that need them are skipped.\n`);
}

function tryInstall(...names) {
  return aptGet("install", "-y", "-qq", "--no-install-recommends", ...names) === 0;
}

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "inherit"] }).status;
}

function isProgram(name) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
