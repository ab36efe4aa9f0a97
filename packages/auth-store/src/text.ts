import { UNSAFE_CHARACTERS } from "@meshauth/provider-api";

/** Text from outside as a message may show it: control and format characters replaced, at most 200 characters. */
export function showText(text: string): string {
  const visible = showPath(text);
  return visible.length > 200 ? `${visible.slice(0, 199)}…` : visible;
}

/** A path as a message may show it. */
export function showPath(path: string): string {
  return path.replace(new RegExp(`[${UNSAFE_CHARACTERS}]`, "gu"), "\ufffd");
}

/** A path as a word of a POSIX shell command that a person may copy. */
export function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${showPath(path).replaceAll("'", "'\\''")}'`;
}
