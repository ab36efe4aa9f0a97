import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { isAbsolute } from "node:path";
import type { Runtime } from "./runtime.js";

/** How long an opener may take before it is taken for one that stays in the foreground. */
const OPENER_LIMIT_MS = 3_000;

/** The opener that the user named, in `MESHAUTH_BROWSER` or `BROWSER`. */
export function namedOpener(env: Runtime["env"]): string | undefined {
  return env["MESHAUTH_BROWSER"] || env["BROWSER"] || undefined;
}

/**
 * Opens a link, with the named opener or the platform's own, without a shell and with its output thrown
 * away.
 *
 * @returns whether an opener was started and did not fail at once. It proves nothing about a browser.
 */
export async function openLink(
  link: string,
  { env, platform }: Pick<Runtime, "env" | "platform">,
): Promise<boolean> {
  const named = namedOpener(env);
  if (named === undefined) return openWithPlatform(link);
  for (const [command, ...args] of openerCommands(named, link, platform)) {
    if (command !== undefined && (await settled(() => start(command, args, env)))) return true;
  }
  return false;
}

/**
 * The command lines of a `BROWSER` value: alternatives are separated by colons, `%s` stands for the link,
 * `%%` for a percent sign; without `%s` the link is the last argument. A path to a program is taken whole.
 */
export function openerCommands(value: string, link: string, platform: NodeJS.Platform): string[][] {
  if (isAbsolute(value) && isProgram(value)) return [[value, link]];
  const alternatives = platform === "win32" ? [value] : value.split(":");
  return alternatives
    .map((alternative) => alternative.match(/"[^"]*"|'[^']*'|\S+/g) ?? [])
    .filter((words) => words.length > 0)
    .map((words) => {
      const args = words.map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
      const used = args.some((word) => word.includes("%s"));
      const filled = args.map((word) => word.replace(/%[s%]/g, (hit) => (hit === "%s" ? link : "%")));
      return used ? filled : [...filled, link];
    });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function start(command: string, args: readonly string[], env: Runtime["env"]): ChildProcess {
  // A browser has no use for a token.
  const { MESHERY_API_TOKEN: _, ...rest } = env;
  return spawn(command, args, { stdio: "ignore", detached: true, shell: false, env: rest });
}

async function openWithPlatform(link: string): Promise<boolean> {
  const { default: open } = await import("open");
  return await settled(() => open(link));
}

/** Some failures to start are thrown, others come as an event. */
async function settled(begin: () => ChildProcess | Promise<ChildProcess>): Promise<boolean> {
  let child: ChildProcess;
  try {
    child = await begin();
  } catch {
    return false;
  }
  return await new Promise((resolve) => {
    const timer = setTimeout(() => finish(true), OPENER_LIMIT_MS);
    function finish(result: boolean): void {
      clearTimeout(timer);
      child.unref();
      resolve(result);
    }
    child.once("error", () => finish(false));
    child.once("exit", (code) => finish(code === 0));
  });
}
