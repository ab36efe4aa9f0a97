import { join, resolve } from "node:path";
import { ownFolder } from "../own-folders.js";
import { ROOT } from "../root.js";
import { Bundles } from "./bundles.js";

let bundles: Bundles | undefined;

/** The bundles that belong to this start. */
export function ownBundles(): Bundles {
  bundles ??= new Bundles(join(ROOT, "dist"), resolve(ownFolder("cache", process), "code"));
  return bundles;
}
