import type { YAMLMap } from "yaml";
import { printable } from "../text.js";
import type { Fault } from "./model.js";
import { duplicateKey, isNothing, lineOfNode, member, textOf } from "./nodes.js";
import type { ConfigTree } from "./yaml.js";

/** A member that should be a text. */
export type Text =
  | { readonly kind: "missing" }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "wrong"; readonly line: number | undefined };

/** A config that is being read, with what was found to be wrong with it so far. */
export class Findings {
  readonly tree: ConfigTree;
  readonly faults: Fault[] = [];
  /** The first reason not to rely on the file. */
  fatal: Fault | undefined;

  constructor(tree: ConfigTree) {
    this.tree = tree;
  }

  die(node: unknown, message: string): void {
    this.fatal ??= { line: lineOfNode(this.tree, node), message };
  }

  fault(node: unknown, message: string): void {
    this.faults.push({ line: lineOfNode(this.tree, node), message });
  }

  /** Readers of YAML disagree about which of two equal keys counts, and mesheryctl's refuses the file. */
  refuseDuplicates(map: YAMLMap): void {
    const duplicate = duplicateKey(this.tree, map);
    if (duplicate)
      this.fatal ??= { line: duplicate.line, message: `${quoted(duplicate.key)} is there twice` };
  }

  text(map: YAMLMap, name: string): Text {
    const found = member(this.tree, map, name);
    if (!found || isNothing(this.tree, found.value)) return { kind: "missing" };
    const value = textOf(this.tree, found.value);
    return value === undefined
      ? { kind: "wrong", line: lineOfNode(this.tree, found.pair.key) }
      : { kind: "text", value };
  }
}

export function textIn(text: Text): string | undefined {
  return text.kind === "text" ? text.value : undefined;
}

/** A name from the file, for a message. */
export function quoted(name: string): string {
  return `"${printable(name, 60)}"`;
}

/** A text as a double-quoted scalar, for a person to write down. */
export function literal(text: string): string {
  return printable(JSON.stringify(text), 500);
}
