import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The licences on offer: SPDX identifiers, and npm's word for none. */
export const LICENCES = ["Apache-2.0", "MIT", "UNLICENSED"] as const;

export type Licence = (typeof LICENCES)[number];

/**
 * The text for the file LICENSE; `undefined` without a licence.
 *
 * @param root - The program's folder. It is under the Apache licence itself.
 */
export async function licenceText(licence: Licence, root: string): Promise<string | undefined> {
  if (licence === "UNLICENSED") return undefined;
  const file = licence === "MIT" ? "templates/provider/licences/MIT" : "LICENSE";
  return await readFile(join(root, file), "utf8");
}

/** The sentence for the README. */
export function licenceSentence(licence: Licence): string {
  if (licence === "UNLICENSED") {
    return "None: nobody else may use this. Choose a licence before you publish, in `package.json` and in a file `LICENSE`.";
  }
  return `${licence === "MIT" ? "MIT" : "Apache License 2.0"}, see [LICENSE](LICENSE).`;
}
