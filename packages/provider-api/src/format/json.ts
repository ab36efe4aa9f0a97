import { isUtf8 } from "node:buffer";
import { readJson } from "./json-reader.js";
import { JsonError, type JsonValue } from "./json-value.js";

/** How {@link parseJson} reads. */
export interface ParseJsonOptions {
  /** What becomes of a key that an object has twice; `last` is what most readers do. Default `refuse`. */
  readonly duplicates?: "refuse" | "last";
  /** How many arrays and objects may be inside each other, 1 to 1000. Default 64. */
  readonly maxDepth?: number;
}

/** What {@link parseJson} found. */
export interface ParsedJson {
  /** What was read. */
  readonly value: JsonValue;
  /** Whether the text started with a byte-order mark, which RFC 8259 forbids and Go refuses. */
  readonly bom: boolean;
  /** Keys that occurred more than once in their object, in the order in which that was noticed. */
  readonly duplicates: readonly string[];
}

/**
 * Reads one JSON text strictly (RFC 8259). Bytes must be UTF-8; a leading byte-order mark is taken off and
 * reported. Besides what the grammar forbids it refuses lone surrogates and U+0000 in strings, numbers
 * too large for a double and, unless told otherwise, duplicate keys.
 *
 * @throws {@link JsonError}
 */
export function parseJson(input: Uint8Array | string, options: ParseJsonOptions = {}): ParsedJson {
  const text = typeof input === "string" ? input : decodeUtf8(input);
  const bom = text.startsWith("\ufeff");
  const duplicates: string[] = [];
  const value = readJson(bom ? text.slice(1) : text, {
    maxDepth: Math.min(Math.max(options.maxDepth ?? 64, 1), 1000),
    refuseDuplicates: options.duplicates !== "last",
    onDuplicate: (key) => duplicates.push(key),
  });
  return { value, bom, duplicates };
}

/**
 * Text of UTF-8 bytes; a byte-order mark is kept.
 *
 * @throws {@link JsonError} when the bytes are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  throw new JsonError(utf16 ? "it is UTF-16 text, not UTF-8" : "it is not valid UTF-8 text");
}
