import type { YAMLMap } from "yaml";
import { isMap, member, target, textOf } from "./nodes.js";
import { linesAfter, type Splice } from "./splice.js";
import { column, contentEnd, isFlow, pairEnd, quotesOf, scalar, spaceBefore } from "./style.js";
import type { ConfigTree } from "./yaml.js";

/**
 * The change that gives a member of a map a text for its value: in the place and the quotes of the old value,
 * or as a new last member.
 *
 * A block of text and a text over lines are replaced as a whole.
 *
 * @returns `undefined` where the old value is no text.
 */
export function memberSplice(
  tree: ConfigTree,
  map: YAMLMap,
  name: string,
  value: string,
): Splice | undefined {
  const pair =
    map.items.find(({ key }) => textOf(tree, key) === name) ??
    map.items.find(({ key }) => textOf(tree, key)?.toLowerCase() === name);
  if (!pair) return newMember(tree, map, name, value);
  const { yaml, text } = tree;
  const old = pair.value;
  if (!yaml.isNode(old) || !old.range) return undefined;
  const [start, end] = old.range;
  const block = yaml.isScalar(old) && old.type?.startsWith("BLOCK") === true;
  if (yaml.isScalar(old) && old.source === "" && !block && quotesOf(tree, old) === "plain") {
    const before = text[start - 1] === ":" ? " " : "";
    return { start, end: start, text: `${before}${scalar(value, "plain")}${text[start] === "#" ? " " : ""}` };
  }
  if (!yaml.isAlias(old) && !yaml.isScalar(old)) return undefined;
  const replacement = scalar(value, quotesOf(tree, old));
  if (!block) return { start, end, text: replacement };
  // The line breaks behind a block's last line count to it, and a comment may stand behind its header.
  const source = text.slice(start, end).trimEnd();
  const comment = /^[^\r\n]*?(\s#[^\r\n]*)/.exec(source)?.[1] ?? "";
  return { start, end: start + source.length, text: `${replacement}${comment}` };
}

/**
 * The change that gives a setting of a context a text for its value.
 *
 * @param context - The context's name, spelled as in the file.
 * @returns `undefined` where there is no place for it: the context is an alias, or has no settings yet.
 */
export function contextSplice(
  tree: ConfigTree,
  context: string,
  name: string,
  value: string,
): Splice | undefined {
  const root = target(tree, tree.document.contents);
  const contexts = isMap(tree, root) ? member(tree, root, "contexts")?.value : undefined;
  const map = isMap(tree, contexts)
    ? contexts.items.find(({ key }) => textOf(tree, key) === context)?.value
    : undefined;
  return isMap(tree, map) ? memberSplice(tree, map, name, value) : undefined;
}

function newMember(tree: ConfigTree, map: YAMLMap, name: string, value: string): Splice | undefined {
  const last = map.items.at(-1);
  if (!last) return firstMember(tree, map, name, value);
  const quotes = quotesOf(tree, last.key);
  const text = `${scalar(name, quotes)}: ${scalar(value, isFlow(map) ? quotes : "plain")}`;
  if (!isFlow(map)) {
    const indent = " ".repeat(column(tree.text, map.range?.[0] ?? 0));
    return linesAfter(tree.text, contentEnd(tree, map), [`${indent}${text}`]);
  }
  const at = pairEnd(tree, last);
  return { start: at, end: at, text: `,${spaceBefore(tree, last.key)}${text}` };
}

/** The first member of an empty pair of braces; JSON stays JSON. */
function firstMember({ text }: ConfigTree, map: YAMLMap, name: string, value: string): Splice | undefined {
  if (!isFlow(map) || !map.range) return undefined;
  const quotes = /^\s*\{/.test(text) ? "double" : "plain";
  const at = map.range[0] + 1;
  return { start: at, end: at, text: `${scalar(name, quotes)}: ${scalar(value, quotes)}` };
}
