import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

/** One entry of a tarball, or bytes that are none. */
export type TarEntry =
  | { readonly path: string; readonly content?: string }
  /** So many zero bytes. */
  | { readonly path: string; readonly zeros: number }
  | { readonly path: string; readonly link: string; readonly hard?: boolean }
  /** Of a type that has no content. */
  | { readonly path: string; readonly type: string }
  /** So many bytes that can be compressed, but not to next to nothing. */
  | { readonly path: string; readonly filler: number }
  /** The records of a pax header for the entry that follows, or for all that do. */
  | { readonly pax: Readonly<Record<string, string>>; readonly forAll?: boolean }
  /** GNU's form of a long name, or of a long target. */
  | { readonly longName: string; readonly ofLink?: boolean }
  | { readonly raw: Buffer };

const BLOCK = 512;
const PIECE = 1024 * 1024;

/** Writes a tarball, piece by piece. @returns Its path. */
export async function writeTar(path: string, entries: readonly TarEntry[], compress = true): Promise<string> {
  const source = Readable.from(blocks(entries));
  const target = createWriteStream(path);
  if (compress) await pipeline(source, createGzip({ level: 1 }), target);
  else await pipeline(source, target);
  return path;
}

function* blocks(entries: readonly TarEntry[]): Generator<Buffer> {
  for (const entry of entries) {
    if ("raw" in entry) yield entry.raw;
    else if ("pax" in entry) yield* file("PaxHeader", records(entry.pax), entry.forAll ? "g" : "x");
    else if ("longName" in entry)
      yield* file("././@LongLink", `${entry.longName}\0`, entry.ofLink ? "K" : "L");
    else if ("link" in entry) yield header(entry.path, 0, entry.hard ? "1" : "2", entry.link);
    else if ("type" in entry) yield header(entry.path, 0, entry.type);
    else if ("zeros" in entry) yield* large(entry.path, entry.zeros, Buffer.alloc(PIECE));
    else if ("filler" in entry) {
      yield* large(entry.path, entry.filler, Buffer.concat([randomBytes(4096), Buffer.alloc(PIECE - 4096)]));
    } else yield* file(entry.path, entry.content ?? "", "0");
  }
  yield Buffer.alloc(2 * BLOCK);
}

function* large(path: string, size: number, piece: Buffer): Generator<Buffer> {
  yield header(path, size, "0");
  for (let left = padded(size); left > 0; left -= piece.length) yield piece.subarray(0, left);
}

function* file(path: string, content: string, type: string): Generator<Buffer> {
  const bytes = Buffer.from(content);
  yield header(path, bytes.length, type);
  yield Buffer.concat([bytes, Buffer.alloc(padded(bytes.length) - bytes.length)]);
}

function header(path: string, size: number, type: string, link = ""): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(path, 0, 100);
  block.write("0000644\0", 100);
  block.write("0000000\0".repeat(2), 108);
  block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  block.write("00000000000\0", 136);
  block.write(" ".repeat(8), 148);
  block.write(type, 156);
  block.write(link, 157, 100);
  block.write("ustar\x0000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function records(members: Readonly<Record<string, string>>): string {
  return Object.entries(members)
    .map(([key, value]) => {
      const rest = ` ${key}=${value}\n`;
      let length = Buffer.byteLength(rest);
      while (`${length}`.length + Buffer.byteLength(rest) !== length)
        length = `${length}`.length + Buffer.byteLength(rest);
      return `${length}${rest}`;
    })
    .join("");
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}
