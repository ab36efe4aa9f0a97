import type { ListedPlugin } from "../loader/index.js";
import { standingOf, type TrustPlace } from "../trust/standing.js";

/**
 * Whether a plugin's code may run. `untrusted`: the next login asks, as nobody has allowed these files yet or the
 * permission was withdrawn. `changed`: its files are not those that were installed. `own`: a linked folder.
 */
export type TrustState = "trusted" | "untrusted" | "changed" | "own";

/** Compares a plugin's files with what is known of them. */
export async function trustStateOf(
  place: TrustPlace,
  { name, origin }: Pick<ListedPlugin, "name" | "origin">,
): Promise<TrustState> {
  return origin === "link" ? "own" : (await standingOf(place, name)).state;
}
