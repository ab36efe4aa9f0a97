import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type ConformanceReport, MeshauthError, printable } from "@meshauth/core";

/**
 * Writes the report of the conformance kit, in the form in which a package may ship it.
 *
 * @throws MeshauthError `MESHAUTH_E_STORE` when the file cannot be written.
 */
export async function writeReport(report: ConformanceReport, file: string, cwd: string): Promise<void> {
  try {
    await writeFile(resolve(cwd, file), `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    const { code = "no code" } = error as NodeJS.ErrnoException;
    throw new MeshauthError("MESHAUTH_E_STORE", {
      message: `The report cannot be written to ${printable(file, 300)}.`,
      why: `The operating system refused (${code}).`,
      next: ["Give --output a file in a folder that exists and can be written to."],
      cause: error,
    });
  }
}
