import type { Runtime } from "../runtime.js";
import type { Opener } from "../surroundings/index.js";
import { attempt } from "./attempt.js";
import { namedCommands, namedOpener } from "./named.js";
import { openFromWsl, openWithPlatform } from "./platform.js";

/**
 * Opens a link, without a shell and with what the opener prints thrown away. Of the openers that the user named
 * the first that does not fail is the one.
 *
 * @returns whether an opener was started and did not fail at once. It proves nothing about a browser.
 */
export async function openLink(
  link: string,
  opener: Opener,
  { env, platform }: Pick<Runtime, "env" | "platform">,
): Promise<boolean> {
  if (opener === "platform") return (await openWithPlatform(link, { env, platform })) === "started";
  if (opener === "wsl") return (await openFromWsl(link, env)) === "started";
  const named = opener === "named" ? namedOpener({ env, platform }) : undefined;
  if (named === undefined) return false;
  for (const command of namedCommands(named, link, platform)) {
    if ((await attempt(command, env)) === "started") return true;
  }
  return false;
}
