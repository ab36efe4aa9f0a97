import { Findings, quoted } from "./findings.js";
import { type ConfigModel, EMPTY_MODEL } from "./model.js";
import { isMap, isNothing, lineOfNode, member, target, textOf } from "./nodes.js";
import { readContexts } from "./read-contexts.js";
import { readTokens } from "./read-tokens.js";
import type { ConfigTree } from "./yaml.js";

/** Reads contexts, tokens and the current context out of a parsed config. */
export function readModel(tree: ConfigTree): ConfigModel {
  const findings = new Findings(tree);
  const root = target(tree, tree.document.contents);
  if (isNothing(tree, root)) return EMPTY_MODEL;
  if (!isMap(tree, root)) {
    findings.die(root, "a config is a map of settings");
    return { ...EMPTY_MODEL, fatal: findings.fatal };
  }
  findings.refuseDuplicates(root);
  const current = member(tree, root, "current-context");
  const name = current && textOf(tree, current.value);
  if (current && name === undefined && !isNothing(tree, current.value)) {
    findings.die(current.pair.key, `${quoted("current-context")} is not a name`);
  }
  const contexts = readContexts(findings, member(tree, root, "contexts")?.value);
  const tokens = readTokens(findings, member(tree, root, "tokens")?.value);
  return {
    currentContext: name ? { name, line: lineOfNode(tree, current?.pair.key) } : undefined,
    contexts,
    tokens,
    fatal: findings.fatal,
    faults: findings.faults,
  };
}
