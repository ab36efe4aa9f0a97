import {
  decodeUtf8,
  isJsonError,
  JsonError,
  type JsonValue,
  namedType,
  parseAuthJson,
  parseJson,
  parseToken,
  RESERVED_KEYS,
  SERVER_NAME_KEY,
  showKey,
  TOKEN_KEY,
} from "@meshauth/provider-api/format";
import { readRecord, type TokenRecord } from "./record.js";

/** What a source holds. */
export type Content =
  /** The map of strings of `auth.json`. */
  | {
      readonly shape: "map";
      readonly serverName: string | undefined;
      readonly token: string;
      /** Members beyond the two that Meshery knows. */
      readonly members: Readonly<Record<string, string>>;
    }
  /** A token record of the cloud, by itself or the only one of a page. */
  | { readonly shape: "record" | "page"; readonly record: TokenRecord }
  /** A token and nothing else. */
  | { readonly shape: "token"; readonly token: string };

/**
 * Reads what was given and tells what it is. A byte-order mark is taken off and told of.
 *
 * @throws {@link JsonError} with a reason that holds no value.
 */
export function readContent(bytes: Uint8Array): { readonly content: Content; readonly bom: boolean } {
  const decoded = decodeUtf8(bytes);
  const bom = decoded.startsWith("\ufeff");
  const text = bom ? decoded.slice(1) : decoded;
  if (text.trim() === "") throw new JsonError("it is empty, as mesheryctl leaves the file after a logout");
  if (text.trimStart().startsWith("<"))
    throw new JsonError("it is a web page, as an old session may leave it");
  const json = parseIfJson(text);
  return { bom, content: json === undefined ? readBareToken(text) : readObject(json.value, text) };
}

/** A text that starts like JSON has to be JSON; any other may be a token. */
function parseIfJson(text: string): { readonly value: JsonValue } | undefined {
  try {
    return parseJson(text);
  } catch (error) {
    if (isJsonError(error) && !/^\s*[[{"]/.test(text)) return undefined;
    throw error;
  }
}

function readBareToken(text: string): Content {
  const token = text.trim();
  const found = parseToken(token);
  if (found.form !== "invalid") return { shape: "token", token };
  // Words or lines are no attempt at a token, whatever is wrong with their characters.
  throw new JsonError(
    /\s/.test(token) ? "it is neither JSON nor a token" : `it is no JSON, and as a token ${found.reason}`,
  );
}

function readObject(value: JsonValue, text: string): Content {
  if (!(value instanceof Map)) throw new JsonError(`it holds ${namedType(value)} where an object is due`);
  refuseReserved(value);
  if (value.has(SERVER_NAME_KEY) || value.has(TOKEN_KEY)) return readMap(text);
  if (value.has("tokens")) return { shape: "page", record: readPage(value.get("tokens") ?? null) };
  const record = readRecord(value);
  if (record !== undefined) return { shape: "record", record };
  throw new JsonError(`it has neither "${TOKEN_KEY}" nor an access token`);
}

function readMap(text: string): Content {
  const { serverName, token, members } = parseAuthJson(text);
  const more = [...members].filter(([key]) => key !== SERVER_NAME_KEY && key !== TOKEN_KEY);
  // An empty name names nothing: mesheryctl writes it no more than it writes none.
  return {
    shape: "map",
    serverName: serverName || undefined,
    token: token ?? "",
    members: Object.fromEntries(more),
  };
}

function readPage(tokens: JsonValue): TokenRecord {
  if (!Array.isArray(tokens))
    throw new JsonError(`the value of "tokens" is ${namedType(tokens)}, not an array`);
  if (tokens.length !== 1) {
    throw new JsonError(
      tokens.length === 0
        ? "its page holds no token"
        : `its page holds ${tokens.length} tokens, and only one can be imported`,
    );
  }
  const [entry] = tokens as readonly JsonValue[];
  if (!(entry instanceof Map)) throw new JsonError("its page holds something other than a token record");
  refuseReserved(entry);
  const record = readRecord(entry);
  if (record === undefined) throw new JsonError("the token record of its page has no access token");
  return record;
}

function refuseReserved(object: ReadonlyMap<string, JsonValue>): void {
  const key = [...object.keys()].find((name) => RESERVED_KEYS.has(name));
  if (key !== undefined) throw new JsonError(`the key ${showKey(key)} is not allowed`);
}
