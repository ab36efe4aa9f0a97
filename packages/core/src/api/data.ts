import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { MeshauthError } from "../errors/error.js";
import type { Runtime } from "../runtime.js";
import { printable } from "../text.js";

/** The largest body of a request, in bytes: it is held in memory, since it may have to be sent again. */
const LARGEST_DATA = 64 * 1024 * 1024;

/**
 * The body of a request: the text itself, the file of `@FILE`, or standard input for `-` and `@-`.
 *
 * @throws MeshauthError `MESHAUTH_E_USAGE`
 */
export async function readData(text: string, runtime: Runtime): Promise<Uint8Array> {
  if (text === "-" || text === "@-") return checked(await readStdin(runtime));
  if (!text.startsWith("@")) return Buffer.from(text);
  if (text === "@") throw unusable("The name of the file is missing after the @.");
  return checked(await readFile(text.slice(1), runtime));
}

async function readStdin({ terminal, signal }: Runtime): Promise<Uint8Array> {
  try {
    return await terminal.readStdin(LARGEST_DATA, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof MeshauthError)) throw error;
    throw unusable("Standard input is a terminal; data comes from a pipe or a file.", error);
  }
}

async function readFile(name: string, { cwd, signal }: Runtime): Promise<Uint8Array> {
  try {
    const handle = await open(resolve(cwd, name));
    try {
      const stats = await handle.stat();
      if (stats.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of handle.createReadStream({ autoClose: false, signal })) {
        chunks.push(chunk);
        size += chunk.length;
        if (size > LARGEST_DATA) break;
      }
      return Buffer.concat(chunks);
    } finally {
      await handle.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    const reason = { ENOENT: "it does not exist", EISDIR: "it is a folder", EACCES: "permission is missing" };
    throw unusable(
      `${printable(name)} cannot be read: ${Object.hasOwn(reason, code) ? reason[code as keyof typeof reason] : code}.`,
      error,
    );
  }
}

function checked(data: Uint8Array): Uint8Array {
  if (data.length > LARGEST_DATA) throw unusable("There are more than 64 MiB of it.");
  return data;
}

function unusable(why: string, cause?: unknown): MeshauthError {
  return new MeshauthError("MESHAUTH_E_USAGE", {
    message: "The data cannot be sent.",
    why,
    next: ["Give it as --data TEXT, --data @FILE, or --data - for standard input."],
    cause,
  });
}

/** Whether bytes are a JSON text. */
export function isJson(data: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data));
    return true;
  } catch {
    return false;
  }
}
