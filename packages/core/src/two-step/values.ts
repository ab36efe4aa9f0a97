/** Whether a value that came from outside is text. */
export function isString(value: unknown): value is string {
  return typeof value === "string";
}

/** Whether it is a list of texts, which may be empty. */
export function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isString);
}
