import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { meshauth, PROGRAM } from "../support/program.js";
import { makeWorld, type World } from "./support/world.js";

const NOBODY = 65_534;

/** Whether this shell line works in a mount namespace of its own. */
function worksAlone(line: string): boolean {
  return spawnSync("unshare", ["-m", "sh", "-c", line]).status === 0;
}

const canMount = worksAlone("mount -t tmpfs -o size=64k tmpfs /mnt");
const canChangeUser =
  process.getuid?.() === 0 && spawnSync("setpriv", ["--reuid", "65534", "true"]).status === 0;

/** Runs the program where these lines of shell have changed what is mounted; `$M` is the Meshery folder. */
function inNamespace(world: World, lines: string, args: readonly string[]) {
  const script = `set -e; ${lines}; exec "$@"`;
  return meshauth(world.home, [PROGRAM, ...args], {
    env: { M: world.home.meshery },
    command: ["unshare", "-m", "sh", "-c", script, "sh", process.execPath],
  });
}

const FULL =
  'cp -a "$M" /tmp/m$$; mount -t tmpfs -o size=32k,mode=700 tmpfs "$M"; cp -a /tmp/m$$/. "$M"; rm -r /tmp/m$$; dd if=/dev/zero of="$M/filler" bs=4k 2>/dev/null || true';
/** The lock and a token would fit, which no program can know of a token that it does not have yet. */
const NEARLY_FULL = `${FULL}; truncate -s -8k "$M/filler"`;
const READ_ONLY = 'mount --bind "$M" "$M"; mount -o remount,bind,ro "$M"';

test.skipIf(!canMount).each([
  ["A18: a disk that is full", FULL],
  ["A18: a disk with room for little", NEARLY_FULL],
  ["A18: a read-only file system", READ_ONLY],
])("%s: refresh asks for nothing, token prints what is still good (mounting is needed)", async (_, lines) => {
  const world = await makeWorld();
  await world.signIn({ expiresIn: 120 });
  const token = world.token();
  const refresh = await inNamespace(world, lines, ["refresh"]);
  expect(refresh.code, refresh.stderr).toBe(8);
  expect(refresh.stderr).toMatch(/Code: {2}MESHAUTH_E_STORE$/m);
  expect(world.gate.exchanges).toEqual([]);
  const good = await inNamespace(world, lines, ["token", "--min-validity", "0"]);
  expect(good).toMatchObject({ code: 0, stdout: `${token}\n`, stderr: "" });
  // It ends within five minutes, so it is renewed if that can be done.
  const soon = await inNamespace(world, lines, ["token"]);
  expect(soon).toMatchObject({ code: 0, stdout: `${token}\n` });
  expect(soon.stderr).toMatch(/^Warning: /);
  const logout = await inNamespace(world, lines, ["logout"]);
  expect(logout.code, logout.stderr).toBe(8);
  expect(world.gate.exchanges).toEqual([]);
  expect(world.simulator.cloud.isEnded(token)).toBe(false);
  expect([world.token(), world.leftovers()]).toEqual([token, []]);
});

test.skipIf(!canChangeUser)(
  "a folder that an unprivileged user cannot write in: the same (another user id is needed)",
  async () => {
    const world = await makeWorld();
    await world.signIn({ expiresIn: 120 });
    const token = world.token();
    chown(world.home.path);
    chmodSync(world.home.path, 0o755);
    chmodSync(world.home.meshery, 0o500);
    const command = [
      "setpriv",
      "--reuid",
      `${NOBODY}`,
      "--regid",
      `${NOBODY}`,
      "--clear-groups",
      process.execPath,
    ] as const;
    const run = (...args: string[]) => meshauth(world.home, [PROGRAM, ...args], { command: [...command] });
    const refresh = await run("refresh");
    expect(refresh.code, refresh.stderr).toBe(8);
    expect(world.gate.exchanges).toEqual([]);
    expect(await run("token", "--min-validity", "0")).toMatchObject({
      code: 0,
      stdout: `${token}\n`,
      stderr: "",
    });
    const soon = await run("token");
    expect(soon).toMatchObject({ code: 0, stdout: `${token}\n` });
    expect(soon.stderr).toMatch(/^Warning: /);
    expect(world.gate.exchanges).toEqual([]);
    expect(readFileSync(world.home.authJson, "utf8")).toContain(token);
    // Once it may, it works.
    chmodSync(world.home.meshery, 0o700);
    expect((await run("refresh")).code).toBe(0);
    expect(world.simulator.cloud.isActive(world.token())).toBe(true);
    expect(lstatSync(world.home.authJson).uid).toBe(NOBODY);
  },
);

function chown(path: string): void {
  chownSync(path, NOBODY, NOBODY);
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) chown(join(path, name));
}
