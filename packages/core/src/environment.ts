import { userInfo } from "node:os";
import isInsideContainer from "is-inside-container";
import isWsl from "is-wsl";
import type { Runtime } from "./runtime.js";

/** Why no browser can be opened on this machine, in a sentence; `undefined` when one can. */
export function browserObstacle({ env, platform }: Pick<Runtime, "env" | "platform">): string | undefined {
  if (env["SSH_CONNECTION"] || env["SSH_TTY"] || env["SSH_CLIENT"]) {
    return "This is an SSH session: the browser of this machine is not the one in front of you.";
  }
  if (isWsl) return env["WSL_INTEROP"] ? undefined : "WSL cannot start Windows programs here.";
  if (isInsideContainer()) return "No browser is opened from a container; MESHAUTH_BROWSER can name one.";
  if (platform !== "darwin" && platform !== "win32" && !env["DISPLAY"] && !env["WAYLAND_DISPLAY"]) {
    return "This machine has no display.";
  }
  return undefined;
}

/**
 * The command for the person's own machine that makes a local port of this one reachable there.
 *
 * @returns `undefined` outside SSH. The host is the address that the person connected to.
 */
export function tunnelCommand(env: Runtime["env"], port: number): string | undefined {
  const [, , host] = (env["SSH_CONNECTION"] ?? "").split(" ");
  if (!host || !/^[\w.:%-]+$/.test(host)) return undefined;
  return `ssh -N -L ${port}:localhost:${port} ${userName(env)}@${host}`;
}

/** A user id without an entry in the system's list of users, as in some containers, has no name there. */
function userName(env: Runtime["env"]): string {
  try {
    return userInfo().username;
  } catch {
    return env["USER"] || env["LOGNAME"] || "USER";
  }
}
