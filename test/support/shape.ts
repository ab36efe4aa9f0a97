/** The shape of JSON: what a program may rely on, without the values. */
export type Shape = string | readonly [Shape] | readonly [] | { readonly [member: string]: Shape };

/** The shape of one document. */
export function shapeOf(value: unknown): Shape {
  if (value === null) return "null";
  if (Array.isArray(value)) {
    const [first, ...rest] = value.map(shapeOf);
    return first === undefined ? [] : [rest.reduce(joined, first)];
  }
  if (typeof value !== "object") return typeof value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, shapeOf(member)]));
}

/** The shape that both are of: members that only one has are marked with a question mark. */
export function joined(a: Shape, b: Shape): Shape {
  if (typeof a === "string" || typeof b === "string") return joinedNames(a, b);
  if (Array.isArray(a) && Array.isArray(b)) {
    const [x, y] = [a[0] as Shape | undefined, b[0] as Shape | undefined];
    return x === undefined || y === undefined ? (x === undefined ? b : a) : [joined(x, y)];
  }
  const [x, y] = [a, b] as readonly { readonly [member: string]: Shape }[];
  const names = new Set(
    [...Object.keys(x ?? {}), ...Object.keys(y ?? {})].map((name) => name.replace(/\?$/, "")),
  );
  const member = (shape: typeof x, name: string): Shape | undefined => shape?.[name] ?? shape?.[`${name}?`];
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const [left, right] = [member(x, name), member(y, name)];
      const both = x?.[name] !== undefined && y?.[name] !== undefined;
      const shape = left === undefined || right === undefined ? (left ?? right ?? "") : joined(left, right);
      return [both ? name : `${name}?`, shape];
    }),
  );
}

/** `null` joined with an object is that object or null: the object's shape gets a member that says so. */
function joinedNames(a: Shape, b: Shape): Shape {
  if (typeof a !== "string" || typeof b !== "string") {
    const [name, other] = typeof a === "string" ? [a, b] : [b as string, a];
    return Array.isArray(other)
      ? ([other[0] ?? "", name] as unknown as Shape)
      : { ...(other as object), "|": name };
  }
  return [...new Set([...a.split("|"), ...b.split("|")])].sort().join("|");
}
