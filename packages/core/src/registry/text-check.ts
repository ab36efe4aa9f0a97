import { UNSAFE_CHARACTERS } from "@meshauth/provider-api";
import { printable } from "../text.js";
import { Refusal } from "./refusal.js";

const UNSAFE = new RegExp(`[${UNSAFE_CHARACTERS}]`, "u");
// Help texts are templates to oclif (EJS), and the completion scripts put them between double quotes
// of a shell: what would be code in either is no text.
const CODE = /<%|%>|[`$\\]/;

/** Whether a text is made of printable ASCII alone. Expressions over all of Unicode take long to compile. */
export function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

/**
 * One line of text from a manifest.
 *
 * @param where - The member's path, such as `providers[0].title`.
 * @throws {@link Refusal}
 */
export function line(value: unknown, where: string, limit: number): string {
  if (typeof value !== "string") throw new Refusal(`${where} is ${kind(value)}, not text.`);
  if (value.trim() === "") throw new Refusal(`${where} is empty.`);
  if (value !== value.trim()) throw new Refusal(`${where} begins or ends with a space.`);
  if (value.length > limit && [...value].length > limit)
    throw new Refusal(`${where} is longer than ${limit} characters.`);
  if (!isPlain(value) && UNSAFE.test(value))
    throw new Refusal(`${where} holds a control or format character.`);
  if (CODE.test(value)) throw new Refusal(`${where} holds one of <% %> \` $ \\, which are not allowed.`);
  return value;
}

/** What a value is, for a reason. */
export function kind(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A value between quotation marks, printable and short. */
export function quote(value: unknown): string {
  return typeof value === "string" ? `"${printable(value, 60)}"` : kind(value);
}

/** A list, or `undefined` where it may be absent. @throws {@link Refusal} */
export function list(value: unknown, where: string, limit = 32): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Refusal(`${where} is ${kind(value)}, not a list.`);
  if (value.length > limit) throw new Refusal(`${where} has more than ${limit} members.`);
  return value;
}

/** Refuses a list that names something twice. */
export function unique(values: readonly string[], where: string): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw new Refusal(`${where} names ${quote(twice)} twice.`);
}
