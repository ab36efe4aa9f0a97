import { accessSync, constants, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Runtime } from "../runtime.js";
import { isBatch, isTextBrowser } from "./text-browsers.js";

/** The opener that the user named. */
export interface NamedOpener {
  readonly variable: "MESHAUTH_BROWSER" | "BROWSER";
  readonly value: string;
}

/** The variables that name an opener; the first wins. */
const OPENER_VARIABLES = ["MESHAUTH_BROWSER", "BROWSER"] as const;

/** A variable that names nothing which could be started. */
export interface VainOpener {
  readonly variable: NamedOpener["variable"];
  /** The first program that it names. */
  readonly program: string;
  /** `terminal`: it would take over this terminal, or go through the command interpreter of Windows. */
  readonly fault: "missing" | "terminal";
}

/** What openers are looked for in. */
export interface OpenerSearch extends Pick<Runtime, "env" | "platform"> {
  /** Whether there is such a program. Default: in a folder of `PATH`, or where its path says. */
  readonly isProgram?: (program: string) => boolean;
}

/**
 * The opener that the user named, in `MESHAUTH_BROWSER` or `BROWSER`. A variable that names nothing which can be
 * started is passed over.
 */
export function namedOpener(search: OpenerSearch): NamedOpener | undefined {
  return OPENER_VARIABLES.map((variable) => namedBy(search, variable)).find(
    (named) => existing(named, search).length > 0,
  );
}

/** The variables that were passed over. One that is empty names nothing. */
export function vainOpeners(search: OpenerSearch): VainOpener[] {
  return OPENER_VARIABLES.flatMap((variable): VainOpener[] => {
    const named = namedBy(search, variable);
    const [[program] = []] = openerCommands(named.value, "", search.platform);
    if (!program || existing(named, search).length > 0) return [];
    const [[missing] = []] = namedCommands(named, "", search.platform);
    if (missing === undefined) return [{ variable, program, fault: "terminal" }];
    return [{ variable, program: missing, fault: "missing" }];
  });
}

function namedBy({ env }: OpenerSearch, variable: NamedOpener["variable"]): NamedOpener {
  return { variable, value: env[variable] ?? "" };
}

function existing(named: NamedOpener, search: OpenerSearch): string[][] {
  const { isProgram: there = (program: string) => isOnPath(program, search) } = search;
  return namedCommands(named, "", search.platform).filter(([program = ""]) => there(program));
}

/**
 * The command lines to try, in order. Left out are text browsers, which other programs set `BROWSER` to and which
 * would need this terminal, and batch files, which Windows runs through its command interpreter.
 */
export function namedCommands(
  { value }: Pick<NamedOpener, "value">,
  link: string,
  platform: NodeJS.Platform,
): string[][] {
  return openerCommands(value, link, platform).filter(
    ([program = ""]) =>
      program !== "" && !isTextBrowser(program) && !(platform === "win32" && isBatch(program)),
  );
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

/** Whether a program would be found without a shell: a path as it is, a name in the folders of `PATH`. */
export function isOnPath(program: string, { env, platform }: Pick<Runtime, "env" | "platform">): boolean {
  const windows = platform === "win32";
  const endings = windows ? ["", ".exe", ".com"] : [""];
  const hasFolder = program.includes("/") || (windows && program.includes("\\"));
  const path = env["PATH"] ?? (windows ? env["Path"] : undefined) ?? "";
  const folders = hasFolder ? [""] : path.split(windows ? ";" : ":");
  // An empty folder is the current one.
  const place = (folder: string): string => (hasFolder ? program : join(folder || ".", program));
  return folders.some((folder) => endings.some((ending) => isProgram(`${place(folder)}${ending}`)));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
