import { type JsonValue, parseJson } from "@meshauth/provider-api/format";

/** The members of an object in a file of ours, with their types checked. */
export class JsonObject {
  readonly #members: ReadonlyMap<string, JsonValue>;

  /** @throws TypeError for any other value. */
  constructor(value: JsonValue | undefined) {
    if (!(value instanceof Map)) throw new TypeError("not an object");
    this.#members = value;
  }

  /** @throws TypeError, JsonError for bytes that are no object. */
  static parse(bytes: Uint8Array | string): JsonObject {
    return new JsonObject(parseJson(bytes, { maxDepth: 8 }).value);
  }

  get(key: string): JsonValue | undefined {
    return this.#members.get(key);
  }

  /** @throws TypeError when the member is no string. */
  text(key: string): string {
    const value = this.#members.get(key);
    if (typeof value !== "string") throw new TypeError("not a string");
    return value;
  }

  /** All members. @throws TypeError when one is no string. */
  texts(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#members.keys()].map((key) => [key, this.text(key)]));
  }

  optionalText<K extends string>(key: K): { readonly [P in K]?: string } {
    const value = this.#members.get(key);
    return (typeof value === "string" ? { [key]: value } : {}) as { readonly [P in K]?: string };
  }

  optionalNumber<K extends string>(key: K): { readonly [P in K]?: number } {
    const value = this.#members.get(key);
    const usable = typeof value === "number" && Number.isFinite(value);
    return (usable ? { [key]: value } : {}) as { readonly [P in K]?: number };
  }
}
