import type { ListedPlugin } from "../loader/index.js";
import { withoutPasswords } from "./without-passwords.js";

/** Where a listed plugin came from, and is updated from, for people: the folder of a linked one, `name@tag` or an address. */
export function placeOf({ name, tag = "latest", url, origin, root }: ListedPlugin): string {
  return origin === "link" ? root : withoutPasswords(url ?? `${name}@${tag}`);
}
