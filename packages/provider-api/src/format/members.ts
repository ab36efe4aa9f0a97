/**
 * A member of a JSON object that is a text, by its name in camel case: Meshery changed over from snake case
 * in April 2026, so either spelling counts. Missing, empty or anything else: `undefined`.
 */
export function textMember(object: unknown, name: string): string | undefined {
  if (typeof object !== "object" || object === null) return undefined;
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  for (const spelling of [name, snake]) {
    const value: unknown = Object.hasOwn(object, spelling)
      ? (object as Readonly<Record<string, unknown>>)[spelling]
      : undefined;
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}
