import { accessSync, constants } from "node:fs";
import { isAbsolute } from "node:path";
import type { Runtime } from "../runtime.js";
import { isBatch, isTextBrowser } from "./text-browsers.js";

/** The opener that the user named. */
export interface NamedOpener {
  readonly variable: "MESHAUTH_BROWSER" | "BROWSER";
  readonly value: string;
}

const VARIABLES = ["MESHAUTH_BROWSER", "BROWSER"] as const;

/**
 * The opener that the user named, in `MESHAUTH_BROWSER` or `BROWSER`. A variable that names nothing which can be
 * started is passed over.
 */
export function namedOpener({ env, platform }: Pick<Runtime, "env" | "platform">): NamedOpener | undefined {
  for (const variable of VARIABLES) {
    const named = { variable, value: env[variable] ?? "" };
    if (namedCommands(named, "", platform).length > 0) return named;
  }
  return undefined;
}

/**
 * The command lines to try, in order. Text browsers are left out, which other programs set `BROWSER` to; not so
 * if `MESHAUTH_BROWSER` asks for one. Batch files are: Windows runs them through its command interpreter.
 */
export function namedCommands(
  { variable, value }: NamedOpener,
  link: string,
  platform: NodeJS.Platform,
): string[][] {
  return openerCommands(value, link, platform).filter(([program = ""]) => {
    if (variable === "BROWSER" && isTextBrowser(program)) return false;
    return program !== "" && !(platform === "win32" && isBatch(program));
  });
}

/**
 * The command lines of a `BROWSER` value: alternatives are separated by colons, `%s` stands for the link,
 * `%%` for a percent sign; without `%s` the link is the last argument. A path to a program is taken whole.
 */
export function openerCommands(value: string, link: string, platform: NodeJS.Platform): string[][] {
  if (isAbsolute(value) && isProgram(value)) return [[value, link]];
  const alternatives = platform === "win32" ? [value] : value.split(":");
  return alternatives
    .map((alternative) => alternative.match(/"[^"]*"|'[^']*'|\S+/g) ?? [])
    .filter((words) => words.length > 0)
    .map((words) => {
      const args = words.map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
      const used = args.some((word) => word.includes("%s"));
      const filled = args.map((word) => word.replace(/%[s%]/g, (hit) => (hit === "%s" ? link : "%")));
      return used ? filled : [...filled, link];
    });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
