// Shows the main job from end to end on simulated servers, in a temporary folder. Opens nothing on this system.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build, install, root } from "./setup.mjs";
import { downloadAuthJson } from "./tokens-page.mjs";

const { values } = parseArgs({ options: { interactive: { type: "boolean", default: false } } });
if (values.interactive && !(process.stdin.isTTY && process.stderr.isTTY)) {
  process.stderr.write("--interactive needs a terminal.\n");
  process.exit(10);
}

install();
build();

const { startSimulator } = await import("@meshauth/meshery-simulator");
const simulator = await startSimulator();
const home = mkdtempSync(join(tmpdir(), "meshauth-demo-"));
const downloads = join(home, "Downloads");
const program = join(root, "packages/cli/bin/run.js");
let failures = 0;

process.once("SIGINT", () => void end(130));
try {
  mkdirSync(downloads);
  writeFileSync(join(downloads, "auth.json"), await downloadAuthJson(simulator.cloud));
  say(`A Meshery Server runs at ${simulator.server.url}, its cloud at ${simulator.cloud.url}.`);
  say(`The home directory of this demo is ${home}.`);
  if (values.interactive) await interactive();
  else await everyProvider();
} catch (error) {
  failures += 1;
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
} finally {
  await end(failures === 0 ? 0 : 1);
}

async function everyProvider() {
  say("1. Without an account");
  await loginAndLook("none");
  say("2. With an auth.json that was downloaded from the cloud's tokens page");
  await loginAndLook("file-import", "~/Downloads/auth.json");
  say("3. At the cloud, with a browser (a script plays the person who clicks)");
  await loginAndLook("layer5");
  say(
    failures === 0
      ? "Each of these providers wrote auth.json, and the server took it."
      : "Something failed; see above.",
  );
}

async function interactive() {
  say(
    "Choose a provider. For Layer5, open the link and click; for file-import, the Downloads folder has a file. OpenID Connect needs a server that is not simulated here.",
  );
  if ((await meshauth("login", "--server", simulator.server.url)) !== 0) return;
  await meshauth("status", "--server", simulator.server.url);
  await meshauth("check", "--server", simulator.server.url);
}

async function loginAndLook(...login) {
  // The demo moves between accounts on purpose, so it may replace one login by the next.
  await meshauth("login", ...login, "--server", simulator.server.url, "--force");
  const file = join(home, ".meshery/auth.json");
  const mode = (statSync(file).mode & 0o777).toString(8).padStart(4, "0");
  const { token, ...rest } = JSON.parse(readFileSync(file, "utf8"));
  const shown = JSON.stringify({ ...rest, token: token === "" ? "" : `(${token.length} characters)` });
  say(`   auth.json, ${statSync(file).size} bytes, mode ${mode}: ${shown}`, "");
  await meshauth("status", "--server", simulator.server.url);
  await meshauth("check", "--server", simulator.server.url);
}

function meshauth(...args) {
  process.stdout.write(`\n$ meshauth ${args.join(" ")}\n`);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: home,
      stdio: [values.interactive ? "inherit" : "ignore", "inherit", "inherit"],
      env: environment(),
    });
    child.once("exit", (code) => {
      if (code !== 0) {
        failures += 1;
        say(`   ended with exit code ${code}`, "");
      }
      resolve(code);
    });
  });
}

/** What the person's own environment has to do with the demo is left out. */
function environment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(MESHAUTH|MESHERY|XDG|BROWSER|DISPLAY|WAYLAND)/.test(name),
  );
  const visitor = `"${process.execPath}" "${join(root, "scripts/visitor.mjs")}"`;
  const nobody = `"${process.execPath}" -e "process.exit(1)"`;
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
    MESHAUTH_BROWSER: values.interactive ? nobody : visitor,
  };
}

function say(text, before = "\n") {
  process.stdout.write(`${before}${text}\n`);
}

async function end(code) {
  await simulator.close();
  rmSync(home, { recursive: true, force: true });
  process.exit(code);
}
