import type { Alias, Document, LineCounter } from "yaml";
import { printable } from "../text.js";

type Yaml = typeof import("yaml");

/** A parsed config with its source, so that it can be asked about lines and edited in place. */
export interface ConfigTree {
  readonly yaml: Yaml;
  readonly text: string;
  readonly document: Document.Parsed;
  /** The line of an offset, from 1. */
  lineOf(offset: number): number;
}

/** `reason` completes "line N: …". */
export interface SyntaxFault {
  readonly line: number | undefined;
  readonly reason: string;
}

/**
 * Parses YAML 1.2, which JSON is a part of. The parser is loaded only here. Of several documents the first
 * counts, as for mesheryctl.
 */
export async function parseConfig(text: string): Promise<ConfigTree | SyntaxFault> {
  if (isTooDeep(text)) return { line: undefined, reason: "it is nested deeper than any config" };
  const yaml = await import("yaml");
  const lines: LineCounter = new yaml.LineCounter();
  const lineOf = (offset: number): number => lines.linePos(offset).line;
  try {
    const document = yaml.parseDocument(text, {
      lineCounter: lines,
      logLevel: "silent",
      prettyErrors: false,
      // The parser compares every key with every other; what matters is checked where it is read.
      uniqueKeys: false,
    });
    const error = document.errors.find(({ code }) => code !== "MULTIPLE_DOCS");
    if (error) return { line: lineOf(error.pos[0]), reason: explain(error.code, error.message) };
    const alias = text.includes("*") ? strayAlias(yaml, document) : undefined;
    if (alias)
      return { line: lineOf(alias.range?.[0] ?? 0), reason: "an alias stands for nothing: it has no anchor" };
    return { yaml, text, document, lineOf };
  } catch (error) {
    // Nesting that the check above did not see ends the parser's recursion.
    return {
      line: undefined,
      reason: error instanceof RangeError ? "it is nested too deep" : "it is not YAML",
    };
  }
}

/** The parser leaves an alias without an anchor to whoever asks for its value; to Go's it is an error. */
function strayAlias(yaml: Yaml, document: Document.Parsed): Alias | undefined {
  let stray: Alias | undefined;
  yaml.visit(document, {
    Alias(_, node) {
      if (node.resolve(document) !== undefined) return undefined;
      stray = node;
      return yaml.visit.BREAK;
    },
  });
  return stray;
}

// Parsing hundreds of thousands of brackets or dashes would take seconds and a gigabyte.
function isTooDeep(text: string): boolean {
  if (/(?:[-?:][ \t]+){50}/.test(text)) return true;
  let depth = 0;
  for (const bracket of text.matchAll(/[[{\]}]/g)) {
    depth += bracket[0] === "[" || bracket[0] === "{" ? 1 : depth > 0 ? -1 : 0;
    if (depth > 100) return true;
  }
  return false;
}

// The parser's messages may quote the file; a token that somebody put there is not to be shown.
function explain(code: string, message: string): string {
  if (code === "TAB_AS_INDENT") return "a tab is used for indentation, where YAML takes spaces only";
  if (code === "BAD_INDENT") return "the indentation does not fit the lines around it";
  if (code === "RESOURCE_EXHAUSTION") return "it is nested too deep";
  const kind = code.toLowerCase().replaceAll("_", " ");
  return `it is not YAML (${/["'`:]/.test(message) ? kind : `${kind}: ${printable(message, 120)}`})`;
}
