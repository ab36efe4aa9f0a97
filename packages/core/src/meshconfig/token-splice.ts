import type { Node, YAMLMap, YAMLSeq } from "yaml";
import { isMap, isNothing, isSeq, member, target, textOf } from "./nodes.js";
import { linesAfter, type Splice } from "./splice.js";
import { column, contentEnd, isFlow, pairEnd, type Quotes, quotesOf, scalar, spaceBefore } from "./style.js";
import type { ConfigTree } from "./yaml.js";

/** A token entry to be. */
export interface NewToken {
  readonly name: string;
  readonly location: string;
}

/**
 * The change that adds an entry to `tokens`, in the style of what is there: block or flow, order of the
 * members, indentation, quotes.
 *
 * @returns `undefined` where there is no place for it.
 */
export function tokenSplice(tree: ConfigTree, token: NewToken): Splice | undefined {
  const root = target(tree, tree.document.contents);
  if (!isMap(tree, root)) return undefined;
  const found = member(tree, root, "tokens");
  if (!found) return newList(tree, root, token);
  const node = found.pair.value;
  if (isSeq(tree, node))
    return isFlow(node) ? intoFlow(tree, node, root, token) : intoBlock(tree, node, token);
  if (isMap(tree, node) && node.items.length === 0) return replace(node, flowList(tree, root, token));
  if (!tree.yaml.isScalar(node) || !isNothing(tree, node) || !node.range) return undefined;
  if (node.source) return replace(node, flowList(tree, root, token));
  return isFlow(root) ? undefined : linesAfter(tree.text, node.range[0], nestedList(tree, root, token));
}

function newList(tree: ConfigTree, root: YAMLMap, token: NewToken): Splice | undefined {
  const last = root.items.at(-1);
  if (!last) return undefined;
  if (!isFlow(root)) {
    const key = `${" ".repeat(column(tree.text, root.range?.[0] ?? 0))}tokens:`;
    return linesAfter(tree.text, contentEnd(tree, root), [key, ...nestedList(tree, root, token)]);
  }
  const at = pairEnd(tree, last);
  const key = scalar("tokens", quotesOf(tree, last.key));
  return {
    start: at,
    end: at,
    text: `,${spaceBefore(tree, last.key)}${key}: ${flowList(tree, root, token)}`,
  };
}

function intoBlock(tree: ConfigTree, list: YAMLSeq, token: NewToken): Splice {
  const last = target(tree, list.items.at(-1));
  const indent = column(tree.text, list.range?.[0] ?? 0);
  const sample = isMap(tree, last) ? last : undefined;
  const gap = /-( +)$/.exec(tree.text.slice(0, sample?.range?.[0] ?? 0))?.[1] ?? " ";
  const lines =
    sample && isFlow(sample)
      ? [`${" ".repeat(indent)}-${gap}${flowEntry(tree, sample, token)}`]
      : blockEntry(tree, sample, token, { indent, gap });
  return linesAfter(tree.text, contentEnd(tree, list), lines);
}

function intoFlow(tree: ConfigTree, list: YAMLSeq, root: YAMLMap, token: NewToken): Splice {
  const last = list.items.at(-1);
  if (!tree.yaml.isNode(last) || !last.range) {
    const at = (list.range?.[0] ?? 0) + 1;
    return { start: at, end: at, text: flowEntry(tree, sampleOf(root), token) };
  }
  const at = last.range[1];
  const entry = flowEntry(tree, isMap(tree, last) ? last : sampleOf(root), token);
  return { start: at, end: at, text: `,${spaceBefore(tree, last)}${entry}` };
}

function replace(node: Node, text: string): Splice | undefined {
  return node.range ? { start: node.range[0], end: node.range[1], text } : undefined;
}

function flowList(tree: ConfigTree, root: YAMLMap, token: NewToken): string {
  return `[${flowEntry(tree, sampleOf(root), token)}]`;
}

/** In a file in flow style, such as JSON, the quotes of its keys are those of all new text. */
function sampleOf(root: YAMLMap): YAMLMap | undefined {
  return isFlow(root) ? root : undefined;
}

function flowEntry(tree: ConfigTree, sample: YAMLMap | undefined, token: NewToken): string {
  const start = sample?.range?.[0];
  const pad = sample && start !== undefined && isFlow(sample) && tree.text[start + 1] === " " ? " " : "";
  const quotes = sample ? quotesOf(tree, sample.items[0]?.key) : "plain";
  const members = membersLike(tree, sample, token).map(
    ([key, value, own]) => `${scalar(key, quotes)}: ${scalar(value, quotes === "double" ? quotes : own)}`,
  );
  return `{${pad}${members.join(", ")}${pad}}`;
}

function nestedList(tree: ConfigTree, root: YAMLMap, token: NewToken): string[] {
  const indent = column(tree.text, root.range?.[0] ?? 0) + 2;
  return blockEntry(tree, undefined, token, { indent, gap: " " });
}

function blockEntry(
  tree: ConfigTree,
  sample: YAMLMap | undefined,
  token: NewToken,
  { indent, gap }: { readonly indent: number; readonly gap: string },
): string[] {
  const quotes = sample ? quotesOf(tree, sample.items[0]?.key) : "plain";
  return membersLike(tree, sample, token).map(([key, value, own], index) => {
    const before = `${" ".repeat(indent)}${index === 0 ? "-" : " "}${gap}`;
    return `${before}${scalar(key, quotes)}: ${scalar(value, own)}`;
  });
}

/** The two members in the order, and their values in the quotes, of another entry. */
function membersLike(
  tree: ConfigTree,
  sample: YAMLMap | undefined,
  { name, location }: NewToken,
): readonly (readonly [string, string, Quotes])[] {
  const keys = sample?.items.map(({ key }) => textOf(tree, key)) ?? [];
  const quotes = (key: string): Quotes => quotesOf(tree, sample?.items[keys.indexOf(key)]?.value);
  const first = ["name", name, quotes("name")] as const;
  const second = ["location", location, quotes("location")] as const;
  const swapped = keys.includes("location") && keys.indexOf("location") < keys.indexOf("name");
  return swapped ? [second, first] : [first, second];
}
