import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { put } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import type { Home } from "../support/program.js";
import { dataDir } from "../support/third-party.js";

/** The package of contract 1.0, which is never changed. */
export const PACKAGE: string = fileURLToPath(new URL("provider-1.0", import.meta.url));

export const PACKAGE_NAME = "meshauth-provider-elm";

/** A home in which that package is linked where it stands. */
export function elmHome(url: string, extra: Readonly<Record<string, string>> = {}): Home {
  const home = offlineHome({ MESHERY_SERVER_URL: url, ELM_URL: url, ...extra });
  const plugins = [{ name: PACKAGE_NAME, type: "link", root: PACKAGE }];
  put(
    join(dataDir(home), "package.json"),
    JSON.stringify({ private: true, oclif: { schema: 1, plugins }, dependencies: {} }),
  );
  return home;
}
