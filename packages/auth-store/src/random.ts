/** Random bytes in hexadecimal. `node:crypto` is loaded by the first call: whoever only reads needs none. */
export function randomHex(bytes: number): string {
  return process.getBuiltinModule("node:crypto").randomBytes(bytes).toString("hex");
}
