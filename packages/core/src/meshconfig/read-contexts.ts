import type { Node, YAMLMap } from "yaml";
import { type Findings, quoted, type Text, textIn } from "./findings.js";
import type { ContextEntry, Fault } from "./model.js";
import { isMap, isNothing, lineOfNode, member, target, textOf } from "./nodes.js";

const MOST_CONTEXTS = 1000;

const BARE_CONTEXT: Omit<ContextEntry, "name" | "line"> = {
  endpoint: undefined,
  tokenName: "",
  provider: undefined,
  platform: undefined,
  ownLocation: undefined,
  endpointFault: undefined,
  tokenFault: undefined,
};

/** Reads the map under `contexts`. */
export function readContexts(findings: Findings, node: Node | undefined): ContextEntry[] {
  const { tree } = findings;
  if (isNothing(tree, node)) return [];
  if (!isMap(tree, node)) {
    findings.die(node, `"contexts" is not a map of contexts`);
    return [];
  }
  if (node.items.length > MOST_CONTEXTS) {
    findings.die(node, `"contexts" has more than ${MOST_CONTEXTS} entries`);
    return [];
  }
  findings.refuseDuplicates(node);
  return node.items.flatMap(({ key, value }) => {
    const name = textOf(tree, key);
    const map = target(tree, value);
    if (name === undefined || name === "<<") {
      findings.fault(key, "a context has no name that is a text, and is left out");
      return [];
    }
    if (isMap(tree, map)) return [readContext(findings, { name, line: lineOfNode(tree, key) }, map)];
    if (isNothing(tree, map)) return [{ ...BARE_CONTEXT, name, line: lineOfNode(tree, key) }];
    findings.fault(key, `the context ${quoted(name)} is not a map of settings, and is left out`);
    return [];
  });
}

function readContext(
  findings: Findings,
  context: Pick<ContextEntry, "name" | "line">,
  map: YAMLMap,
): ContextEntry {
  findings.refuseDuplicates(map);
  const where = `of the context ${quoted(context.name)}`;
  const endpoint = findings.text(map, "endpoint");
  const token = member(findings.tree, map, "token");
  const nested = isMap(findings.tree, token?.value) ? token.value : undefined;
  if (nested) {
    findings.fault(
      token?.pair.key,
      `the token ${where} is written as in early 2021, which mesheryctl does not read any more`,
    );
  }
  const tokenName = nested ? findings.text(nested, "name") : findings.text(map, "token");
  const location: Text = nested ? findings.text(nested, "location") : { kind: "missing" };
  return {
    ...context,
    endpoint: textIn(endpoint),
    tokenName: textIn(tokenName) ?? "",
    provider: textIn(findings.text(map, "provider")),
    platform: textIn(findings.text(map, "platform")),
    ownLocation: textIn(location),
    endpointFault: noText(endpoint, `the endpoint ${where}`),
    tokenFault: noText(tokenName, `the token ${where}`) ?? noText(location, `the token's location ${where}`),
  };
}

function noText(text: Text, what: string): Fault | undefined {
  return text.kind === "wrong" ? { line: text.line, message: `${what} is no text` } : undefined;
}
