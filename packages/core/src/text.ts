const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/**
 * Text from a server, a file or a package, made fit for one line of a terminal: control, format and
 * bidirectional characters are dropped, white space is folded, and what is longer than `limit` is cut.
 */
export function printable(text: string, limit = 200): string {
  const line = text.replace(/\s+/g, " ").replace(UNSAFE, "").trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

/** A duration for people: `4:05`. */
export function minutes(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
