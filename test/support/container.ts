import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { because, canMount } from "./installed.js";
import { offlineHome } from "./offline.js";
import { type Home, meshauth, type Outcome, PROGRAM, type RunOptions } from "./program.js";

/** A user id that no list of users has. */
export const NOBODYS_UID = 1_000_620_000;

const asNobody = ["--reuid", `${NOBODYS_UID}`, "--regid", "0", "--clear-groups"] as const;

/** Why containers cannot be made here; `undefined` when they can. */
export const noContainer: string | undefined = because(
  [canMount, "the right to mount is"],
  [
    spawnSync("setpriv", [...asNobody, "cat", PROGRAM], { stdio: "ignore" }).status === 0,
    "a program that every user may read is",
  ],
);

/**
 * Puts the file in place by which a container of Podman is known, mounts `$1` on itself and makes all else that is
 * mounted read-only, for this process and its children.
 */
const READ_ONLY = `
mount -t tmpfs tmpfs /run && : > /run/.containerenv || exit 99
mount --bind "$1" "$1" || exit 99
while read -r _ point _; do
  case $point in "$1" | /proc | /proc/* | /sys | /sys/* | /dev | /dev/*) continue ;; esac
  mount -o remount,bind,ro "$point" 2>/dev/null || test "$point" != / || exit 99
done < /proc/self/mounts
shift
exec "$@"`;

/** The words before a command that runs in a container, where only one folder can be written. */
export const inContainer = (folder: string): readonly [string, ...string[]] => [
  ...(["unshare", "-m", "sh", "-c", READ_ONLY, "sh"] as const),
  folder,
];

export interface Container {
  readonly home: Home;
  /** The only place that can be written: a volume of root's that everybody may write in, as Kubernetes makes them. */
  readonly volume: string;
  /** `MESHERY_HOME`: a folder in the volume that is not there yet. */
  readonly meshery: string;
  readonly authJson: string;
  run(args: readonly string[], options?: RunOptions): Promise<Outcome>;
}

/**
 * Surroundings like a container's: a root file system and a folder for temporary files that cannot be written,
 * neither `HOME` nor `TMPDIR`, and `MESHERY_HOME` in a volume.
 *
 * @param uid - Whose the processes are. Default: root's.
 */
export function makeContainer(
  env: Readonly<Record<string, string>> = {},
  { uid }: { readonly uid?: typeof NOBODYS_UID } = {},
): Container {
  const home = offlineHome();
  chmodSync(home.path, 0o755);
  const volume = join(home.path, "volume");
  mkdirSync(volume);
  chmodSync(volume, 0o777);
  const meshery = join(volume, "meshery");
  const user = uid === undefined ? [] : ["setpriv", ...asNobody, "--"];
  return {
    home,
    volume,
    meshery,
    authJson: join(meshery, "auth.json"),
    run: (args, { command = [process.execPath, PROGRAM], ...options } = {}) =>
      meshauth(home, args, {
        cwd: "/",
        ...options,
        env: { HOME: undefined, TMPDIR: undefined, MESHERY_HOME: meshery, ...env, ...options.env },
        command: [...inContainer(volume), ...user, ...command],
      }),
  };
}
