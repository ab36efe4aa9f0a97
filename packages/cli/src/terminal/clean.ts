import { UNSAFE_CHARACTERS } from "@meshauth/provider-api";

const UNSAFE = new RegExp(`(?!\\n)[${UNSAFE_CHARACTERS}]`, "gu");

/** Text as it may be shown: without characters that act on a terminal or reorder a line. Line ends stay. */
export function clean(text: string): string {
  return text.replace(/\t/g, " ").replace(UNSAFE, "");
}
