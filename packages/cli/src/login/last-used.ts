import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const FILE = "last-provider.json";

/** The id of the provider that was last logged in with. */
export async function lastProvider(dataDir: string): Promise<string | undefined> {
  try {
    const { id } = JSON.parse(await readFile(join(dataDir, FILE), "utf8"));
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers it for the prompt. That it cannot be remembered is no reason to fail a login. */
export async function rememberProvider(dataDir: string, id: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await writeFile(join(dataDir, FILE), `${JSON.stringify({ id })}\n`, { mode: 0o600 });
  } catch {
    return;
  }
}
