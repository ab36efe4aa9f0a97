import { JsonError, type JsonValue } from "@meshauth/provider-api/format";

/** What counts of a token record of the cloud. */
export interface TokenRecord {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** RFC 3339; only the JSON of a token envelope has it. */
  readonly expiry?: string;
}

/**
 * Reads the record of the cloud's tokens API, in camel case (v1beta3) or snake case (v1beta1), and the
 * JSON inside a token envelope, which is spelled like the latter. A record's `provider` is the identity
 * provider, such as GitHub, and says nothing about `meshery-provider`.
 *
 * @returns `undefined` when there is no access token in it.
 * @throws {@link JsonError}
 */
export function readRecord(object: ReadonlyMap<string, JsonValue>): TokenRecord | undefined {
  const accessToken = field(object, "accessToken", "access_token");
  if (accessToken === undefined) return undefined;
  const refreshToken = field(object, "refreshToken", "refresh_token");
  const expiry = field(object, "expiry", "expiry");
  return {
    accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(expiry === undefined ? {} : { expiry }),
  };
}

function field(object: ReadonlyMap<string, JsonValue>, camel: string, snake: string): string | undefined {
  const found = [camel, snake].map((key) => textOf(object, key)).filter((text) => text !== undefined);
  if (new Set(found).size > 1) throw new JsonError(`"${camel}" and "${snake}" are different`);
  return found[0];
}

/** The cloud leaves an absent refresh token out, or sends it as null or as the empty string. */
function textOf(object: ReadonlyMap<string, JsonValue>, key: string): string | undefined {
  const value = object.get(key) ?? null;
  if (value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  throw new JsonError(`the value of "${key}" is not a string`);
}
