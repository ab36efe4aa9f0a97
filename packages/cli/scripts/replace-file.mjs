import { readFile, rename, writeFile } from "node:fs/promises";

/** Writes a file in one step, and only what is new: the program may be at work, and what V8 compiled belongs to a file. */
export async function replaceFile(path, text) {
  if ((await readFile(path, "utf8").catch(() => undefined)) === text) return;
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
