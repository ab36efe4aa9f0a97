import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Home } from "./program.js";

const BROWSERS = ["xdg-open", "x-www-browser", "firefox", "chromium"];

/** An environment with a display, and with browsers that do nothing but leave a trace. */
export function temptation(home: Home): Readonly<Record<string, string>> {
  const bin = join(home.path, "bin");
  mkdirSync(bin);
  for (const name of BROWSERS) {
    writeFileSync(join(bin, name), `#!/bin/sh\ntouch '${trace(home)}'\n`, { mode: 0o755 });
  }
  return { PATH: `${bin}:${home.env["PATH"]}`, DISPLAY: ":10" };
}

/** Whether one of them was started. */
export function wasTempted(home: Home): boolean {
  return existsSync(trace(home));
}

const trace = (home: Home): string => join(home.path, "opened");
