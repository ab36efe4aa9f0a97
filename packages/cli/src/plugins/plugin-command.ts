import { PACKAGE_NAME, printable } from "@meshauth/core";
import { withoutPasswords } from "./without-passwords.js";

/**
 * A command that works on a listed plugin, to be shown as the next step. A name that npm would not take comes from a
 * damaged list and may be code to a shell: all that helps then is to empty the list.
 *
 * @param command - Such as `trust`.
 * @param flags - Such as `--yes`.
 */
export function pluginCommand(command: string, name: string, ...flags: readonly string[]): string {
  return PACKAGE_NAME.test(name)
    ? ["meshauth plugins", command, name, ...flags].join(" ")
    : "meshauth plugins reset";
}

/** The command that installs a package, to be shown: quoted for a shell, and without a password that an address has. */
export function installCommand(source: string, ...flags: readonly string[]): string {
  const text = printable(withoutPasswords(source), 4_000);
  const word = /^[\w@%+=:,./~^-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  return ["meshauth plugins install", word, ...flags].join(" ");
}
