/** Flags about the output: whoever copies a command sees to it themselves. */
export const OUTPUT_FLAGS: readonly string[] = ["--json", "--no-input", "--no-color"];

/**
 * What was typed behind the name of the program, for a command that repeats it.
 *
 * @param id - The words of the command itself.
 * @param argv - What was typed behind them.
 */
export function typedWords(id: readonly string[], argv: readonly string[]): string[] {
  const end = argv.indexOf("--");
  const words = argv.filter((word, index) => (end >= 0 && index > end) || !OUTPUT_FLAGS.includes(word));
  return [...id, ...words];
}
