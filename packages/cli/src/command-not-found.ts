import { MeshauthError, nearest, printable } from "@meshauth/core";
import type { Config } from "@oclif/core/config";
import { asTyped } from "./as-typed.js";
import { leadingWords } from "./failure.js";
import { wantsJson } from "./typed-flags.js";

/** What may stand first in place of a command. */
const KNOWN_FLAGS = ["--help", "-h", "--version", "-v"];

/**
 * Whether a command line leads to no command, and why: a word too many behind a command, or a name that
 * does not exist, with the nearest one that does.
 */
export function unknownCommand(config: Config, argv: readonly string[]): MeshauthError | undefined {
  const words = leadingWords(argv);
  const [first = ""] = argv;
  if (words.length === 0 && first.startsWith("-") && !KNOWN_FLAGS.includes(first)) {
    return new MeshauthError("MESHAUTH_E_USAGE", {
      message: `There is no such flag before a command: ${printable(first, 60)}`,
      next: ["meshauth help"],
    });
  }
  if (words.length === 0) return undefined;
  for (let length = words.length; length > 0; length -= 1) {
    const id = words.slice(0, length).join(":");
    const command = config.findCommand(id);
    if (length === words.length && command) return undefined;
    if (length === words.length && config.findTopic(id))
      return wantsJson(argv) ? noCommand(words) : undefined;
    if (!command) continue;
    if (command.strict === false || Object.keys(command.args ?? {}).length > 0) return undefined;
    return new MeshauthError("MESHAUTH_E_USAGE", {
      message: `"${words.slice(0, length).join(" ")}" takes no argument, but got "${printable(words[length] ?? "", 60)}".`,
      next: [`meshauth ${words.slice(0, length).join(" ")} --help`],
    });
  }
  const typed = words.join(" ");
  const names = config.commands.filter(({ hidden }) => !hidden).map(({ id }) => asTyped(id));
  const guess = nearest(typed, names) ?? nearest(words[0] ?? "", names);
  return new MeshauthError("MESHAUTH_E_UNKNOWN_COMMAND", {
    message: `There is no command "${printable(typed, 60)}".${guess === undefined ? "" : ` Did you mean "${guess}"?`}`,
    next: [...(guess === undefined ? [] : [`meshauth ${guess}`]), "meshauth help"],
  });
}

/** Whoever asks for a document gets one, and the help is none. */
function noCommand(words: readonly string[]): MeshauthError {
  const topic = words.join(" ");
  return new MeshauthError("MESHAUTH_E_USAGE", {
    message: `"${topic}" names no command.`,
    why: "It is the first part of several commands.",
    next: [`meshauth ${topic} --help`],
  });
}
