/** Text from elsewhere on one line, without control and direction characters, cut to `limit` characters. */
export function printable(text: string, limit = 120): string {
  const line = text
    .replace(/\s+/gu, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, "")
    .trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

/** A word that a shell takes as it is, whatever a server put into it. */
export function shellWord(text: string): string {
  const word = printable(text);
  return /^[\w.:+@-]+$/.test(word) && !word.startsWith("-") ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
