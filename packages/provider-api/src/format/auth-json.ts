import { decodeUtf8 } from "./json.js";
import { readJson } from "./json-reader.js";
import { JsonError, type JsonValue, namedType } from "./json-value.js";
import { compareUtf8, LONE_SURROGATE, quoteAsGo, showKey } from "./text.js";

/** The member that names the provider, spelled as Meshery Servers and mesheryctl look it up. */
export const SERVER_NAME_KEY = "meshery-provider";
/** The member that holds the token. */
export const TOKEN_KEY = "token";

/** Keys that reach a prototype when a careless reader turns the map into a plain object. */
export const RESERVED_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Something about the text that a reader should be told of, though the text was read. */
export interface AuthJsonWarning {
  /** What it is about: a byte-order mark, a key that is there twice, a key that no plain object may have. */
  readonly code: "bom" | "duplicate-key" | "ignored-key";
  /** One sentence. */
  readonly message: string;
}

/** The content of an `auth.json`. */
export interface AuthJson {
  /** `meshery-provider`. `undefined` when the member is missing. */
  readonly serverName: string | undefined;
  /** `token`. The empty string for a provider without accounts; `undefined` when the member is missing. */
  readonly token: string | undefined;
  /** All members, the two above included, in the order of the text. */
  readonly members: ReadonlyMap<string, string>;
  /** Whether the text started with a byte-order mark: mesheryctl refuses such a file. */
  readonly bom: boolean;
  /** What a reader should be told of, in the order in which it was noticed. */
  readonly warnings: readonly AuthJsonWarning[];
}

/** How {@link parseAuthJson} reads. */
export interface ParseAuthJsonOptions {
  /**
   * `false` is for text that is handed in: what any reader could understand differently is refused.
   * `true` is for the file that other tools share: as Go's decoder of a `map[string]string` reads it, so
   * `null` is the empty string and the last of several equal keys counts. Default `false`.
   */
  readonly lenient?: boolean;
}

/**
 * Reads the flat map of strings that mesheryctl keeps in `auth.json`. An object that has neither of the
 * two known members is refused: it is some other document, such as an error that was saved by mistake.
 *
 * @throws {@link JsonError} with a reason that names the key and what is wrong with it.
 */
export function parseAuthJson(input: Uint8Array | string, options: ParseAuthJsonOptions = {}): AuthJson {
  const lenient = options.lenient ?? false;
  const text = typeof input === "string" ? input : decodeUtf8(input);
  const bom = text.startsWith("\ufeff");
  const warnings: AuthJsonWarning[] = [];
  if (bom) {
    warnings.push({
      code: "bom",
      message: "The file starts with a byte-order mark, which mesheryctl refuses.",
    });
  }
  const value = readJson(bom ? text.slice(1) : text, {
    maxDepth: 64,
    refuseDuplicates: !lenient,
    onDuplicate: (key, dropped, depth) => {
      // Go checks the type of a value before the next one replaces it.
      if (depth === 1) memberText(key, dropped, lenient);
      warnings.push({
        code: "duplicate-key",
        message: `The key ${showKey(key)} is there more than once; the last one counts.`,
      });
    },
  });
  if (!(value instanceof Map)) throw new JsonError(`it holds ${namedType(value)} where an object is due`);
  const members = readMembers(value, lenient, warnings);
  const serverName = members.get(SERVER_NAME_KEY);
  const token = members.get(TOKEN_KEY);
  if (serverName === undefined && token === undefined) {
    throw new JsonError(`it has neither "${SERVER_NAME_KEY}" nor "${TOKEN_KEY}"`);
  }
  return { serverName, token, members, bom, warnings };
}

function readMembers(
  value: ReadonlyMap<string, JsonValue>,
  lenient: boolean,
  warnings: AuthJsonWarning[],
): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  for (const [key, member] of value) {
    const text = memberText(key, member, lenient);
    if (!RESERVED_KEYS.has(key)) members.set(key, text);
    else if (lenient) {
      warnings.push({ code: "ignored-key", message: `The key ${showKey(key)} is ignored.` });
    } else throw new JsonError(`the key ${showKey(key)} is not allowed`);
  }
  return members;
}

function memberText(key: string, value: JsonValue, lenient: boolean): string {
  if (typeof value === "string") return value;
  if (value === null && lenient) return "";
  throw new JsonError(`the value of ${showKey(key)} is ${namedType(value)}, not a string`);
}

/**
 * Writes `auth.json` as a Meshery Server does, byte for byte: compact, keys in the order of their UTF-8
 * bytes, Go's escapes, a final newline.
 *
 * @throws {@link JsonError} for what {@link parseAuthJson} would refuse in its strict form.
 *
 * @example
 * ```ts
 * formatAuthJson(new Map([["meshery-provider", "None"], ["token", ""]]));
 * // '{"meshery-provider":"None","token":""}\n', 39 bytes
 * ```
 */
export function formatAuthJson(members: ReadonlyMap<string, string>): string {
  if (!members.has(SERVER_NAME_KEY) && !members.has(TOKEN_KEY)) {
    throw new JsonError(`it has neither "${SERVER_NAME_KEY}" nor "${TOKEN_KEY}"`);
  }
  const parts = [...members]
    .sort(([a], [b]) => compareUtf8(a, b))
    .map(([key, value]) => {
      checkMember(key, value);
      return `${quoteAsGo(key)}:${quoteAsGo(value)}`;
    });
  return `{${parts.join(",")}}\n`;
}

function checkMember(key: unknown, value: unknown): void {
  if (typeof key !== "string") throw new JsonError("a key is not a string");
  if (RESERVED_KEYS.has(key)) throw new JsonError(`the key ${showKey(key)} is not allowed`);
  if (typeof value !== "string") throw new JsonError(`the value of ${showKey(key)} is not a string`);
  for (const [what, text] of [
    ["the key", key],
    ["the value of", value],
  ] as const) {
    if (LONE_SURROGATE.test(text) || text.includes("\u0000")) {
      throw new JsonError(`${what} ${showKey(key)} has characters that no text may have`);
    }
  }
}
