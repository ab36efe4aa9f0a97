import { isJsonObject } from "@meshauth/core";
import { UNSAFE_CHARACTERS } from "@meshauth/provider-api";
import { asTyped } from "../as-typed.js";

const TAG = /<%[-=_]\s*(config\.bin|command\.id)\s*[-_]?%>/g;
const UNSAFE = new RegExp(`(?!\\n)[${UNSAFE_CHARACTERS}]`, "gu");
const DEPTH = 12;

/** What the two common template tags stand for. */
export interface TextContext {
  readonly bin: string;
  readonly id: string;
}

/**
 * Text of a foreign manifest, without power: oclif's help runs its texts as EJS templates, so the two tags
 * that are in common use are replaced here, and no other is left one.
 */
export function inert(text: string, { bin, id }: TextContext): string {
  // What is taken out must go first: what is left could come together to a new tag.
  return text
    .replace(UNSAFE, "")
    .replace(TAG, (_, name: string) => (name === "config.bin" ? bin : asTyped(id)))
    .replaceAll("<%", "< %")
    .replaceAll("%>", "% >");
}

/** The same for a line that ends up between double quotes in a completion script. */
export function inertLine(text: unknown, context: TextContext): string | undefined {
  if (typeof text !== "string") return undefined;
  return inert(text.replaceAll("`", "'").replace(/[$\\]/g, ""), context);
}

/** {@link inert} for every string in a piece of JSON, members' names included; what is nested too deep is dropped. */
export function inertDeep(value: unknown, context: TextContext, depth = DEPTH): unknown {
  if (typeof value === "string") return inert(value, context);
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return undefined;
  if (Array.isArray(value)) return value.map((item) => inertDeep(item, context, depth - 1));
  if (!isJsonObject(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [inert(key, context), inertDeep(item, context, depth - 1)]),
  );
}
