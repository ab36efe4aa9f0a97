import type { Alias, Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import type { ConfigTree } from "./yaml.js";

/** The node that an alias stands for; any other node is itself, and so is an alias to nothing. */
export function target({ yaml, document }: ConfigTree, node: unknown): Node | undefined {
  let current = yaml.isNode(node) ? node : undefined;
  for (let hops = 0; yaml.isAlias(current) && hops < 8; hops += 1) {
    current = (current as Alias).resolve(document) ?? current;
  }
  return current;
}

export function isMap(tree: ConfigTree, node: unknown): node is YAMLMap {
  return tree.yaml.isMap(node);
}

export function isSeq(tree: ConfigTree, node: unknown): node is YAMLSeq {
  return tree.yaml.isSeq(node);
}

/** Whether a node is missing, empty or `null`. */
export function isNothing({ yaml }: ConfigTree, node: unknown): boolean {
  return node === undefined || node === null || (yaml.isScalar(node) && node.value === null);
}

/** A scalar as text; numbers and truth values as they are written. Anything else: `undefined`. */
export function textOf({ yaml }: ConfigTree, node: unknown): string | undefined {
  if (!yaml.isScalar(node)) return undefined;
  const { value, source } = node as Scalar;
  if (typeof value === "string") return value;
  return value === null || value === undefined ? undefined : (source ?? String(value));
}

/** One member of a map: its own pair, or one that a merge key (`<<`) brings. */
export interface Member {
  readonly pair: Pair;
  /** The value; aliases are followed. */
  readonly value: Node | undefined;
}

/** Finds a member by its name, exactly or, as mesheryctl's reader does, without regard to case. */
export function member(tree: ConfigTree, map: YAMLMap, name: string): Member | undefined {
  return find(tree, map, (key) => key === name) ?? find(tree, map, (key) => key?.toLowerCase() === name);
}

function find(
  tree: ConfigTree,
  map: YAMLMap,
  matches: (key: string | undefined) => boolean,
  seen: Set<YAMLMap> = new Set(),
): Member | undefined {
  if (seen.has(map)) return undefined;
  seen.add(map);
  const own = map.items.find(({ key }) => matches(textOf(tree, key)));
  if (own) return { pair: own, value: target(tree, own.value) };
  for (const { key, value } of map.items) {
    if (textOf(tree, key) !== "<<") continue;
    const merged = target(tree, value);
    for (const source of isSeq(tree, merged) ? merged.items : [merged]) {
      const base = target(tree, source);
      const found = isMap(tree, base) ? find(tree, base, matches, seen) : undefined;
      if (found) return found;
    }
  }
  return undefined;
}

/** The first key that a map has twice, with its line. */
export function duplicateKey(
  tree: ConfigTree,
  map: YAMLMap,
): { readonly key: string; readonly line: number } | undefined {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    const text = textOf(tree, key);
    if (text === undefined) continue;
    if (seen.has(text)) return { key: text, line: lineOfNode(tree, key) ?? 1 };
    seen.add(text);
  }
  return undefined;
}

export function lineOfNode({ yaml, lineOf }: ConfigTree, node: unknown): number | undefined {
  return yaml.isNode(node) && node.range ? lineOf(node.range[0]) : undefined;
}
