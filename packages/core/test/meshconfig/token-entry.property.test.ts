import fc from "fast-check";
import { expect, test } from "vitest";
import { readModel } from "../../src/meshconfig/read-model.js";
import { apply } from "../../src/meshconfig/splice.js";
import { tokenSplice } from "../../src/meshconfig/token-splice.js";
import { type ConfigTree, parseConfig } from "../../src/meshconfig/yaml.js";

const name = fc.oneof(
  fc.constantFrom("default", "a b", "yes", "null", "1.0", "#x", "- x", "'", '"', "{", "\u00fc", "~", ""),
  fc.string({ maxLength: 12 }),
);
const comment = fc.constantFrom("", "", " # note", "   # a: b [c] {d}");
const quote = fc.constantFrom(
  (text: string) => JSON.stringify(text),
  (text: string) =>
    /[\p{Cc}\u2028\u2029\ufeff]/u.test(text) ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`,
);

/** A list of tokens in one of the styles that people and programs write. */
const tokens = fc
  .record({
    entries: fc.array(fc.tuple(name, quote, fc.boolean()), { maxLength: 3 }),
    style: fc.constantFrom("block", "flat", "flow", "lines", "maps"),
    gap: fc.constantFrom(" ", "  ", "    "),
    comment,
  })
  .map(({ entries, style, gap, comment: note }) => {
    if (entries.length === 0) return [`tokens: []${note}`];
    const pairs = entries.map(([text, write, swapped]) => {
      const members = [`name: ${write(text)}`, `location: ${write("x.json")}`];
      return swapped ? members.reverse() : members;
    });
    const flow = pairs.map((members) => `{${members.join(", ")}}`);
    if (style === "flow") return [`tokens: [${flow.join(", ")}]${note}`];
    if (style === "lines") return ["tokens: [", ...flow.map((entry) => `    ${entry},${note}`), "  ]"];
    if (style === "maps") return [`tokens:${note}`, ...flow.map((entry) => `  -${gap}${entry}${note}`)];
    const indent = style === "flat" ? "" : "    ";
    return [
      `tokens:${note}`,
      ...pairs.flatMap(([first, second]) => [
        `${indent}-${gap}${first}${note}`,
        "",
        `${indent} ${gap}${second}`,
        `${indent}# after`,
      ]),
    ];
  });

const config = fc
  .record({
    tokens,
    order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 }),
    lineBreak: fc.constantFrom("\n", "\r\n"),
    start: fc.constantFrom("", "\ufeff", "---\n", "# top\n\n"),
    end: fc.constantFrom("", "\n", "\n\n# end", "\n# end\n", "\n...\n"),
  })
  .map(({ tokens: list, order, lineBreak, start, end }) => {
    const blocks = [
      list,
      ["contexts:", "  a:", "    token: t"],
      ["current-context: a"],
      ["", "other: |", "  text", ""],
    ];
    const lines = order.flatMap((index) => blocks[index] ?? []);
    return `${start}${lines.join("\n")}${end}`.replaceAll("\n", lineBreak);
  });

async function parse(text: string): Promise<ConfigTree> {
  const tree = await parseConfig(text);
  if (!("document" in tree)) throw new Error(`${tree.reason} in ${JSON.stringify(text)}`);
  return tree;
}

test("an added entry is the last one, every other says what it said, and no other byte changes", async () => {
  await fc.assert(
    fc.asyncProperty(config, name, async (text, added) => {
      const tree = await parse(text);
      const before = readModel(tree);
      const splice = tokenSplice(tree, { name: added, location: "auth.json" });
      if (!splice) throw new Error("no place was found");
      expect(splice.end).toBe(splice.start);
      const after = readModel(await parse(apply(text, splice)));
      const plain = ({ name: key, location }: { name: string; location: string | undefined }) => [
        key,
        location,
      ];
      expect(after.tokens.map(plain)).toEqual([...before.tokens.map(plain), [added, "auth.json"]]);
      expect(after.contexts.map((context) => context.name)).toEqual(["a"]);
      expect(after.currentContext?.name).toBe("a");
      if (text.includes("\r\n")) expect(splice.text.replaceAll("\r\n", "")).not.toContain("\n");
    }),
    { numRuns: 300 },
  );
});
