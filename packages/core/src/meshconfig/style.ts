import type { Node, Pair } from "yaml";
import type { ConfigTree } from "./yaml.js";

/** How the scalars around an edit are quoted. */
export type Quotes = "plain" | "single" | "double";

// What every YAML reader takes for this text and nothing else, inside flow collections too.
const PLAIN = /^[A-Za-z_/][\w./-]*$/;
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** Writes a text as a scalar, in the given quotes where they can hold it. */
export function scalar(text: string, quotes: Quotes): string {
  if (quotes === "plain" && PLAIN.test(text) && !RESERVED.test(text)) return text;
  if (quotes === "single" && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) return `'${text.replaceAll("'", "''")}'`;
  // A JSON string is a double-quoted scalar.
  return JSON.stringify(text);
}

/** The quotes of a scalar; those of anything else are none. */
export function quotesOf({ yaml }: ConfigTree, node: unknown): Quotes {
  if (!yaml.isScalar(node)) return "plain";
  if (node.type === "QUOTE_DOUBLE") return "double";
  return node.type === "QUOTE_SINGLE" ? "single" : "plain";
}

export function isFlow(node: { readonly flow?: boolean }): boolean {
  return node.flow === true;
}

/** The line break that the file uses. */
export function lineBreak(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? "\n";
}

/** The column of an offset, from 0; a byte-order mark takes none. */
export function column(text: string, offset: number): number {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return line.replace(/^\ufeff/, "").length;
}

/** Where the content of a node ends: before the comments and line breaks that the parser counts to it. */
export function contentEnd(tree: ConfigTree, node: Node): number {
  const { yaml } = tree;
  const end = node.range?.[1] ?? 0;
  if (yaml.isCollection(node) && !isFlow(node)) {
    const last = node.items.at(-1);
    if (yaml.isPair(last)) return pairEnd(tree, last);
    if (yaml.isNode(last)) return contentEnd(tree, last);
  }
  return end;
}

export function pairEnd(tree: ConfigTree, { key, value }: Pair): number {
  const { yaml } = tree;
  if (yaml.isNode(value) && value.range) return contentEnd(tree, value);
  return yaml.isNode(key) ? contentEnd(tree, key) : 0;
}

/** The white space that separates a member of a flow collection from what is before it. */
export function spaceBefore({ yaml, text }: ConfigTree, node: unknown): string {
  const start = yaml.isNode(node) ? (node.range?.[0] ?? 0) : 0;
  const [, before = "", space = ""] = /([[{,]?)(\s*)$/.exec(text.slice(0, start)) ?? [];
  // The first member sits right behind its bracket; a second one would not.
  return before === "," || space.includes("\n") ? space : " ";
}
