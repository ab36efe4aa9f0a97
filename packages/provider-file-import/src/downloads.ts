import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Host } from "@meshauth/provider-api";
import { LIMIT, readRegularFile } from "./read-file.js";

/** A file in the downloads folder. */
export interface Download {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly modified: Date;
}

/** The newest `auth*.json` of the downloads folder that could be imported; browsers number further copies. */
export async function newestDownload(host: Host): Promise<Download | undefined> {
  if (host.home === undefined) return undefined;
  const folder = await downloadsFolder(host.home, host.env["XDG_CONFIG_HOME"]);
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.filter((name) => /^auth.*\.json$/is.test(name)).map((name) => inspect(folder, name)),
  );
  return found
    .filter((download) => download !== undefined)
    .sort((a, b) => b.modified.getTime() - a.modified.getTime())[0];
}

async function inspect(folder: string, name: string): Promise<Download | undefined> {
  const path = join(folder, name);
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined || !stats.isFile() || stats.size === 0 || stats.size > LIMIT) return undefined;
  return { name, path, bytes: stats.size, modified: stats.mtime };
}

/** As xdg-user-dirs has it: `XDG_DOWNLOAD_DIR` of `user-dirs.dirs`, absolute or below `$HOME`. */
async function downloadsFolder(home: string, configHome: string | undefined): Promise<string> {
  const file = join(configHome?.startsWith("/") ? configHome : join(home, ".config"), "user-dirs.dirs");
  const text = await readRegularFile(file, file).then(
    ({ bytes }) => Buffer.from(bytes).toString("utf8"),
    () => "",
  );
  const value = /^\s*XDG_DOWNLOAD_DIR="((?:\$HOME)?\/(?:[^"\\\n]|\\.)*)"\s*$/m.exec(text)?.[1];
  if (value === undefined) return join(home, "Downloads");
  const path = value.replace(/\\(.)/g, "$1");
  return path.startsWith("$HOME") ? join(home, path.slice("$HOME".length)) : path;
}
