// Writes docs/provider-contract.md from the doc comments of @meshauth/provider-api, and packages/provider-api/api/*.api.md,
// the report of its public types. With --check it only says whether they are up to date; with --out FOLDER it writes
// everything there instead, with the types as one file of declarations.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { extract } from "./reference/extract.mjs";
import { pageOf } from "./reference/page.mjs";
import { root } from "./setup.mjs";

const { values } = parseArgs({ options: { check: { type: "boolean" }, out: { type: "string" } } });
const out = values.out === undefined ? undefined : resolve(values.out);
const work = out ?? mkdtempSync(join(tmpdir(), "meshauth-reference-"));
try {
  const entries = extract(root, work);
  const defects = entries.flatMap((entry) => entry.defects);
  for (const { messageId, text, where } of defects)
    process.stderr.write(`${where}: ${text} (${messageId})\n`);
  if (defects.length > 0) process.exitCode = 1;
  const files = [
    ["docs/provider-contract.md", pageOf(entries, orderOf)],
    ...entries.map(({ name, report }) => [`packages/provider-api/api/${name}.api.md`, report]),
  ];
  for (const [path, text] of files) put(path, text);
} finally {
  if (out === undefined) rmSync(work, { recursive: true });
}

function put(path, text) {
  const file = join(out ?? root, path);
  if (!values.check) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } else if (read(file) !== text) {
    process.stderr.write(`${path} is out of date: run \`npm run reference\`.\n`);
    process.exitCode = 1;
  }
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** The members of a declaration as they stand in the source; API Extractor sorts them. */
function orderOf(item) {
  const text = readFileSync(join(root, "packages/provider-api", item.fileUrlPath), "utf8");
  const start = text.search(new RegExp(`\\b(?:interface|class) ${item.displayName}\\b`));
  const body = text.slice(start, text.indexOf("\n}", start));
  return Array.from(body.matchAll(/^ {4}(?:readonly )?(\[?\w+\]?)/gm), ([, name]) => name);
}
