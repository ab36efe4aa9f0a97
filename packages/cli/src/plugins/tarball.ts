import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { posix } from "node:path";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { TreeError, type TreeLimits } from "../trust/tree.js";

const BLOCK = 512;
/** A long name, or a set of extended headers, needs no more. */
const LONGEST_HEADER = 256 * 1024;
/** So many blocks that are no header are passed over, as npm does. */
const MOST_STRAY = 1_000;

/** Headers that tell of what follows: pax records, for all or for one, and GNU's long names and targets. */
const META = "gxLK";
/** Character devices, block devices and FIFOs. */
const DEVICES = "346";

/** The `sha512-…` of a file, as registries tell it. */
export async function integrityOf(path: string): Promise<string> {
  const hash = createHash("sha512");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return `sha512-${hash.digest("base64")}`;
}

/**
 * Looks at what a tarball would unpack to, without unpacking it: POSIX tar (IEEE Std 1003.1, "pax"), with GNU's long
 * names, plain or compressed by gzip. What is neither is for npm to judge.
 *
 * @param limits - `bytes` counts what the headers hold, too.
 * @throws {@link TreeError} for more than the limits, and for devices, and for links and files that lead out of
 *   the package; the signal's reason.
 */
export async function checkTarball(path: string, limits: TreeLimits, signal: AbortSignal): Promise<void> {
  try {
    const isPacked = await isGzip(path);
    const source = createReadStream(path, { signal });
    // What fails is told by whoever reads; the last stream ends those before it.
    const stream = isPacked ? pipeline(source, createGunzip(), () => undefined) : source;
    try {
      await checkEntries(new Blocks(stream), limits);
    } finally {
      stream.on("error", () => undefined).destroy();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TreeError) throw error;
    // Missing, cut off or damaged.
  }
}

async function checkEntries(blocks: Blocks, limits: TreeLimits): Promise<void> {
  let [entries, bytes, stray] = [0, 0, 0];
  let long: Partial<Record<"path" | "linkpath" | "size", string>> = {};
  for (;;) {
    const header = await blocks.take(BLOCK);
    if (header === undefined) return;
    const type = String.fromCharCode(header[156] ?? 0);
    const size = Number(long.size ?? sizeOf(header));
    if (!isHeader(header) || !Number.isSafeInteger(size) || size < 0) {
      stray += 1;
      if (stray > MOST_STRAY) throw new TreeError("It holds too much that is no file.");
      continue;
    }
    const isMeta = META.includes(type);
    const tellsOne = isMeta && type !== "g";
    if (tellsOne && size > LONGEST_HEADER) throw new TreeError("A name in it is too long.");
    // Headers alone can go on forever.
    bytes += isMeta ? BLOCK + padded(size) : size;
    if (bytes > limits.bytes) throw new TreeError(`It is larger than ${limits.bytes / 1024 / 1024} MB.`);
    if (tellsOne) {
      const content = await blocks.take(padded(size));
      if (content === undefined) return;
      const text = content.toString("utf8", 0, size);
      if (type === "x") long = { ...long, ...extended(text) };
      else long = { ...long, [type === "L" ? "path" : "linkpath"]: text.replace(/\0.*$/s, "") };
      continue;
    }
    if (!isMeta) {
      const entry = long.path ?? nameOf(header);
      checkPath(entry, type, long.linkpath ?? textOf(header, 157, 100));
      entries += 1;
      if (entries > limits.entries)
        throw new TreeError(`It holds more than ${limits.entries.toLocaleString("en")} files.`);
      long = {};
    }
    if (!(await blocks.drop(padded(size)))) return;
  }
}

/** npm leaves links and devices out. A package that counts on them is not one that is meant well. */
function checkPath(path: string, type: string, target: string): void {
  const [top = ""] = posix.normalize(path).split("/");
  const isInside = (place: string): boolean => {
    const normal = posix.normalize(place);
    return !posix.isAbsolute(normal) && (normal === top || normal.startsWith(`${top}/`));
  };
  if (top === ".." || path.split("/").includes("..") || posix.isAbsolute(path))
    throw new TreeError(`Its ${JSON.stringify(path)} would be written outside of the package.`);
  if (DEVICES.includes(type)) throw new TreeError(`Its ${JSON.stringify(path)} is a device or a pipe.`);
  const leads =
    type === "2" ? (posix.isAbsolute(target) ? target : posix.join(posix.dirname(path), target)) : target;
  if ((type === "1" || type === "2") && !isInside(leads))
    throw new TreeError(`Its ${JSON.stringify(path)} is a link out of the package.`);
}

/** The records of a pax header: `length key=value\n`. */
function extended(text: string): Partial<Record<"path" | "linkpath" | "size", string>> {
  const found: Record<string, string> = {};
  for (const [, key = "", value = ""] of text.matchAll(/\d+ ([^=\n]+)=([^\n]*)\n/g)) {
    if (["path", "linkpath", "size"].includes(key)) found[key] = value;
  }
  return found;
}

function nameOf(header: Buffer): string {
  const prefix = header.toString("latin1", 257, 262) === "ustar" ? textOf(header, 345, 155) : "";
  const name = textOf(header, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

function textOf(header: Buffer, start: number, length: number): string {
  return header.toString("utf8", start, start + length).replace(/\0.*$/s, "");
}

/** Octal digits, or with the first bit set a number in base 256. */
function sizeOf(header: Buffer): number {
  if (((header[124] ?? 0) & 0x80) === 0) return Number.parseInt(textOf(header, 124, 12).trim() || "0", 8);
  return header.subarray(125, 136).reduce((size, byte) => size * 256 + byte, 0);
}

/** By its checksum: the sum of its bytes, with spaces in place of the sum. */
function isHeader(header: Buffer): boolean {
  const stated = Number.parseInt(textOf(header, 148, 8).trim(), 8);
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  return stated === sum && header.some((byte) => byte !== 0);
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/** A stream in pieces of the size that is asked for. */
class Blocks {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** The next bytes; `undefined` when there are not so many. */
  async take(size: number): Promise<Buffer | undefined> {
    while (this.#rest.length < size) if (!(await this.#more())) return undefined;
    const taken = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return taken;
  }

  /** Passes over bytes. @returns Whether there were so many. */
  async drop(size: number): Promise<boolean> {
    let left = size;
    while (left > this.#rest.length) {
      left -= this.#rest.length;
      this.#rest = Buffer.alloc(0);
      if (!(await this.#more())) return false;
    }
    this.#rest = this.#rest.subarray(left);
    return true;
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    if (done) return false;
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    return true;
  }
}
