import { basename } from "node:path";
import { type Host, ProviderError, printable } from "@meshauth/provider-api";
import { newestDownload } from "./downloads.js";
import { resolvePath } from "./path.js";
import { type FileIdentity, LIMIT, readRegularFile } from "./read-file.js";
import { age, size } from "./text.js";

/** What was given to import. */
export interface Source {
  /** What it is called in messages. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Absent for standard input. */
  readonly identity?: FileIdentity;
}

/**
 * Reads the source: the file that was named, standard input for `-`, or what a person chooses.
 *
 * @throws {@link ProviderError} `input`, or `interaction` when nothing was named and nobody can be asked.
 */
export async function readSource(given: string | undefined, host: Host): Promise<Source> {
  if (given === "-") return { name: "Standard input", bytes: await host.readStdin(LIMIT) };
  const path = given === undefined ? await askForFile(host) : await resolvePath(given, host.home);
  const name = printable(basename(path)) || "The file";
  return { name, ...(await readRegularFile(path, name)) };
}

async function askForFile(host: Host): Promise<string> {
  if (!host.interactive) {
    throw new ProviderError("interaction", "No file was named, and nobody can be asked for one.", {
      reason: "Without a terminal the file, or - for standard input, has to be an argument.",
      next: ["meshauth login file-import FILE", "meshauth login file-import - < FILE"],
    });
  }
  const download = await newestDownload(host);
  if (download !== undefined) {
    const old = age(host.now().getTime() - download.modified.getTime());
    const message = `Import ${printable(download.name)} from the downloads folder (${old} old, ${size(download.bytes)})?`;
    if (await host.confirm({ message, initial: true })) return download.path;
  }
  const answer = await host.ask({ message: "Which file? (drag it here, or type its path)" });
  if (answer.trim() !== "") return resolvePath(answer, host.home);
  throw new ProviderError("usage", "No file was named.", { next: ["meshauth login file-import FILE"] });
}
