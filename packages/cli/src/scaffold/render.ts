import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Facts } from "./facts.js";
import { FLOWS } from "./flows.js";
import { licenceSentence, licenceText } from "./licence.js";
import { packageJson, type Ranges } from "./package-json.js";

/** The files of a new package: content by path, with `/` between folders. */
export type FileTree = ReadonlyMap<string, string>;

interface Sources {
  /** The program's folder. */
  readonly root: string;
  /** The ranges of our packages. */
  readonly ranges: Ranges;
  readonly year: number;
}

/** Makes the files of a new package from the templates. Writes nothing. */
export async function renderPackage(facts: Facts, { root, ranges, year }: Sources): Promise<FileTree> {
  const words = wordsFor(facts, year);
  const files = new Map([["package.json", packageJson(facts, ranges)]]);
  for (const folder of ["shared", ...FLOWS[facts.flow].templates]) {
    for (const [path, template] of await readTemplates(join(root, "templates/provider", folder))) {
      files.set(path, fill(template, words, /\.[jt]s$/.test(path)));
    }
  }
  const licence = await licenceText(facts.licence, root);
  if (licence !== undefined) files.set("LICENSE", fill(licence, words, false));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function wordsFor(facts: Facts, year: number): ReadonlyMap<string, string> {
  const { about, login, tryCommand, files, change } = FLOWS[facts.flow];
  const { id, title, serverName, host, env } = facts;
  const words = new Map([
    ...Object.entries({ id, title, serverName, host, env, package: facts.package, year: String(year) }),
  ]);
  const rows = Object.entries(files).map(([file, what]) => `| \`${file}\` | ${what} |`);
  const sentences = { about, login, tryCommand, change, files: rows.join("\n") };
  for (const [name, text] of Object.entries(sentences)) words.set(name, fill(text, words, false));
  return words.set("licence", licenceSentence(facts.licence));
}

/**
 * Puts words in the place of `{{word}}`.
 *
 * @param code - Whether the places are in strings of JavaScript, in double quotes or backticks. No word has a
 *   line break, a backtick or a dollar sign there: titles are checked, ids and origins cannot.
 */
function fill(template: string, words: ReadonlyMap<string, string>, code: boolean): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const word = words.get(name);
    if (word === undefined) throw new Error(`The template has a place for "${name}", which is unknown.`);
    return code ? word.replace(/["\\]/g, "\\$&") : word;
  });
}

/** All files below a folder. A leading `_` stands for a dot: npm leaves some files with a dot out of packages. */
async function readTemplates(folder: string): Promise<[path: string, content: string][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(
    files.map(async (file): Promise<[string, string]> => {
      const path = relative(folder, file).split(sep).join("/").replace(/^_/, ".");
      return [path, await readFile(file, "utf8")];
    }),
  );
}
