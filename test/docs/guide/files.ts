import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Block } from "./blocks.js";

/**
 * Does to the files of a package what a block says.
 *
 * @throws when the block does not fit them.
 */
export function follow(folder: string, block: Exclude<Block, { kind: "commands" }>): void {
  const path = join(folder, block.path);
  if (block.kind === "file") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, block.content);
    return;
  }
  const text = readFileSync(path, "utf8");
  const passage = block.kind === "edit" ? block.before : block.content;
  const found = text.split(passage).length - 1;
  if (found !== 1) {
    throw new Error(
      `Line ${block.line} of the guide: ${found} places in ${block.path} are like this:\n${passage}`,
    );
  }
  if (block.kind === "edit")
    writeFileSync(
      path,
      text.replace(passage, () => block.after),
    );
}
