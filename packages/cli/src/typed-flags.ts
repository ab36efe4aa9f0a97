import { typedWord } from "@meshauth/core";

/** The flags that say which context, file and server are meant, with their one-letter form. */
const TARGET = [["--context", "-c"], ["--config"], ["--server"]] as const;

/** Commands of which the program gives advice, and that take these flags. */
const TAKES_TARGET =
  /^(?:[A-Z_]+=\S+ )*meshauth (?:login|refresh|check|status|whoami|token|logout|restore|api|credential (?:get|exec))(?: |$)/;

/** Whether one JSON document was asked for, and no help. */
export function wantsJson(argv: readonly string[]): boolean {
  const flags = beforeEnd(argv);
  return flags.includes("--json") && !flags.includes("--help") && !flags.includes("-h");
}

/**
 * The advice of a command that failed, for the same target: without the flags that were typed a command would
 * work on another context.
 *
 * @param step - A command or a sentence.
 * @param argv - The command line that failed.
 */
export function forSameTarget(step: string, argv: readonly string[]): string {
  const words = step.split(" ");
  if (!TAKES_TARGET.test(step) || words.includes("--help")) return step;
  const present = beforeEnd(words);
  const flags = TARGET.flatMap((names) => {
    const value = typedValue(argv, names);
    return value === undefined || typedValue(present, names) !== undefined
      ? []
      : [names[0], typedWord(value)];
  });
  return [...present, ...flags, ...words.slice(present.length)].join(" ");
}

/** The value that the last such flag has: `--name value`, `--name=value`, `-n value`, `-nvalue` or `-n=value`. */
function typedValue(argv: readonly string[], names: readonly string[]): string | undefined {
  const words = beforeEnd(argv);
  let found: string | undefined;
  for (const [index, word] of words.entries()) {
    for (const name of names) {
      if (word === name) found = words[index + 1] ?? found;
      else if (word.startsWith(`${name}=`)) found = word.slice(name.length + 1);
      else if (!name.startsWith("--") && word.startsWith(name)) found = word.slice(name.length);
    }
  }
  return found;
}

function beforeEnd(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf("--");
  return end < 0 ? argv : argv.slice(0, end);
}
