import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Runtime } from "../runtime.js";
import { type Attempt, attempt, settled, withoutSecrets } from "./attempt.js";
import { isTextBrowser } from "./text-browsers.js";

/** How long the desktop may take to name its default browser. */
const QUESTION_LIMIT_MS = 1_000;

/** What `xdg-open` tries on its own where there is no desktop, less the text browsers. */
const GRAPHICAL =
  "x-www-browser:firefox:firefox-esr:chromium:chromium-browser:google-chrome:google-chrome-stable:microsoft-edge:brave-browser:epiphany:konqueror:falkon";

/** Opens a link with the system's own means. */
export async function openWithPlatform(
  link: string,
  { env, platform }: Pick<Runtime, "env" | "platform">,
): Promise<Attempt> {
  if (platform === "darwin") return await attempt(["open", link], env);
  // The library starts PowerShell with an encoded command: no command interpreter sees the link.
  if (platform === "win32") return await openWithLibrary(link);
  return await openWithXdg(link, env);
}

/** Opens a link in Windows, from WSL. */
export async function openFromWsl(link: string, env: Runtime["env"]): Promise<Attempt> {
  const outcome = await attempt(["wslview", link], env);
  return outcome === "missing" ? await openWithLibrary(link) : outcome;
}

async function openWithLibrary(link: string): Promise<Attempt> {
  return await settled(async () => {
    const { default: open } = await import("open");
    return await open(link);
  });
}

async function openWithXdg(link: string, env: Runtime["env"]): Promise<Attempt> {
  const entry = await defaultBrowser(link, env);
  if (entry !== undefined && isTextBrowser(entry)) return "failed";
  const graphical = { ...env, BROWSER: GRAPHICAL };
  const outcome = await attempt(["xdg-open", link], graphical);
  return outcome === "missing" ? await attempt([ownXdgOpen(), link], graphical) : outcome;
}

/** The `xdg-open` that comes with the library, for systems without one. */
function ownXdgOpen(): string {
  return join(dirname(createRequire(import.meta.filename).resolve("open")), "xdg-open");
}

/** The desktop entry that the link would be opened with, as far as it can be told. */
function defaultBrowser(link: string, env: Runtime["env"]): Promise<string | undefined> {
  const scheme = new URL(link).protocol.slice(0, -1);
  return new Promise((resolve) => {
    execFile(
      "xdg-mime",
      ["query", "default", `x-scheme-handler/${scheme}`],
      { env: withoutSecrets(env), timeout: QUESTION_LIMIT_MS, maxBuffer: 4096 },
      (error, stdout) => resolve(error ? undefined : stdout.trim()),
    );
  });
}
