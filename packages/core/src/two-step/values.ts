/** Whether a value that came from outside is an object with members. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether it is text. */
export function isString(value: unknown): value is string {
  return typeof value === "string";
}

/** Whether it is a list of texts, which may be empty. */
export function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isString);
}
