/** A command as it is typed: `acme:hello`, as oclif calls it, is `acme hello`. */
export function asTyped(id: string): string {
  return id.replaceAll(":", " ");
}
