import type { Node, YAMLMap } from "yaml";
import { type Findings, textIn } from "./findings.js";
import type { TokenEntry } from "./model.js";
import { isMap, isNothing, isSeq, lineOfNode, member, target, textOf } from "./nodes.js";

const MOST_TOKENS = 1000;

/** Reads the list under `tokens`, or the map that it was before March 2021. */
export function readTokens(findings: Findings, node: Node | undefined): TokenEntry[] {
  const { tree } = findings;
  if (isNothing(tree, node)) return [];
  if (!isMap(tree, node) && !isSeq(tree, node)) {
    findings.die(node, `"tokens" is not a list of tokens`);
    return [];
  }
  if (node.items.length > MOST_TOKENS) {
    findings.die(node, `"tokens" has more than ${MOST_TOKENS} entries`);
    return [];
  }
  if (isMap(tree, node)) return readMap(findings, node);
  return node.items.flatMap((item) => {
    const map = target(tree, item);
    if (isMap(tree, map)) return [readToken(findings, map)];
    findings.fault(item, `an entry of "tokens" is not a map, and is left out`);
    return [];
  });
}

/** Empty, one entry without a list around it, or entries by their names. */
function readMap(findings: Findings, map: YAMLMap): TokenEntry[] {
  const { tree } = findings;
  findings.refuseDuplicates(map);
  if (map.items.length === 0) return [];
  const single = member(tree, map, "location");
  // mesheryctl's decoder takes one map for a list of one.
  if (single && !isMap(tree, single.value)) return [readToken(findings, map)];
  findings.fault(map, `"tokens" is a map of names, which mesheryctl does not read: it should be a list`);
  return map.items.flatMap(({ key, value }) => {
    const name = textOf(tree, key);
    const entry = target(tree, value);
    if (name === undefined) return [];
    if (isMap(tree, entry)) return [{ ...readToken(findings, entry), name }];
    return [{ name, location: textOf(tree, entry), line: lineOfNode(tree, key) }];
  });
}

function readToken(findings: Findings, map: YAMLMap): TokenEntry {
  findings.refuseDuplicates(map);
  return {
    name: textIn(findings.text(map, "name")) ?? "",
    location: textIn(findings.text(map, "location")),
    line: lineOfNode(findings.tree, map),
  };
}
