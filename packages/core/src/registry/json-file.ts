import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { Refusal } from "./refusal.js";

/** A parsed JSON object. Only its own members count. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The most that is read of one file, in bytes. */
const JSON_LIMIT = 1024 * 1024;

/** What nearly every such file fits into; one for all, as nothing else runs while a file is read. */
const SCRATCH = Buffer.allocUnsafeSlow(16 * 1024);

/** Whether a parsed value is an object, and neither a list nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An own member of an object: what hangs on a prototype is never taken for data. */
export function member(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/**
 * Reads a JSON object from a regular file of at most {@link JSON_LIMIT} bytes.
 *
 * @param path - Absolute.
 * @param name - What the file is called in a reason.
 * @throws {@link Refusal}; what the file system throws while it reads.
 */
export async function readJsonObject(path: string, name: string): Promise<JsonObject> {
  return readJsonObjectSync(path, name);
}

/** {@link readJsonObject} at once: a start reads many small files, and each turn of the thread pool costs more. */
export function readJsonObjectSync(path: string, name: string): JsonObject {
  const text = readText(path, name);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new Refusal(`Its ${name} is not JSON.`);
  }
  if (!isJsonObject(value)) throw new Refusal(`Its ${name} holds no JSON object.`);
  return value;
}

function readText(path: string, name: string): string {
  let file: number;
  try {
    // Without O_NONBLOCK the opening of a FIFO would wait for a writer.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw new Refusal(reasonFor(error, name));
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Refusal(`Its ${name} is not a regular file.`);
    if (stat.size > JSON_LIMIT) throw new Refusal(`Its ${name} is larger than 1 MiB.`);
    return readBounded(file, name);
  } finally {
    closeSync(file);
  }
}

/** Reads to the end, whatever the size was when somebody looked. */
function readBounded(file: number, name: string): string {
  let buffer: Buffer = SCRATCH;
  for (let length = 0; ; ) {
    const bytesRead = readSync(file, buffer, length, buffer.length - length, null);
    if (bytesRead === 0) return buffer.toString("utf8", 0, length);
    length += bytesRead;
    if (length > JSON_LIMIT) throw new Refusal(`Its ${name} is larger than 1 MiB.`);
    if (length === buffer.length) buffer = Buffer.concat([buffer], JSON_LIMIT + 1);
  }
}

function reasonFor(error: unknown, name: string): string {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR"
    ? `Its ${name} is missing.`
    : `Its ${name} cannot be read (${code}).`;
}
