/**
 * Decodes as Go's `json.Unmarshal` into a `map[string]string` does, which is how mesheryctl reads
 * `auth.json`. Written on its own, without the package's reader, to check that one from outside.
 *
 * @throws Error where Go returns an error.
 */
export function goUnmarshal(bytes: Uint8Array): Map<string, string> {
  // Go puts U+FFFD for invalid UTF-8 and takes no byte-order mark; JSON.parse takes none either.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const root: unknown = JSON.parse(text);
  const decoded = new Map<string, string>();
  if (root === null) return decoded;
  if (typeof root !== "object" || Array.isArray(root)) throw new Error("cannot unmarshal into a map");
  for (const [key, value] of Object.entries(root)) {
    if (value === null) decoded.set(key, "");
    else if (typeof value === "string") decoded.set(key, value);
    else throw new Error(`cannot unmarshal ${typeof value} into a string`);
  }
  return decoded;
}
