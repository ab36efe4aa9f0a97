/** A JSON object whose members may be spelled in camel or in snake case: Meshery changed over in April 2026. */
export type Members = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member that is a text, by its name in camel case. Missing, empty or anything else: `undefined`. */
export function textOf(members: Members, name: string): string | undefined {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  for (const spelling of [name, snake]) {
    const value = Object.hasOwn(members, spelling) ? members[spelling] : undefined;
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}
