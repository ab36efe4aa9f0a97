import { createSupportsHyperlinks } from "supports-hyperlinks";
import { isDumb } from "./color.js";

/** Longer ones are not taken by terminals of the VTE family. */
const LONGEST = 2_083;

/** Whether the terminal on a stream shows hyperlinks. */
export function hasHyperlinks(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return Boolean(stream.isTTY) && !isDumb(env) && createSupportsHyperlinks(stream);
}

/**
 * A link whose text is the link itself (OSC 8). The `id` makes the lines of a wrapped link one.
 *
 * @returns the bare link when it has characters that do not belong into the sequence.
 */
export function hyperlink(link: string): string {
  if (link.length > LONGEST || !/^[!-~]+$/.test(link)) return link;
  return `\u001b]8;id=meshauth;${link}\u001b\\${link}\u001b]8;;\u001b\\`;
}
