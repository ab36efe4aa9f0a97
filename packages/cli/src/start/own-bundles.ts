import { join, resolve } from "node:path";
import { ownFolder } from "../own-folders.js";
import { ROOT } from "../root.js";
import { Bundles } from "./bundles.js";

let bundles: Bundles | undefined;

/** The bundles that belong to this start. */
export function ownBundles(): Bundles {
  bundles ??= new Bundles(join(ROOT, "dist"), cacheFolder());
  return bundles;
}

/** Where compiled code is kept. It may be told relative to the working folder, which may be gone. */
function cacheFolder(): string {
  const folder = join(ownFolder("cache", process), "code");
  try {
    return resolve(folder);
  } catch {
    return folder;
  }
}
