import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { atEnd } from "../../support/cleanup.js";

const READER = fileURLToPath(new URL("./reader.mjs", import.meta.url));

/** What a reader without a lock found in the file for a while. */
export interface Sight {
  /** Unix time in milliseconds. */
  readonly at: number;
  readonly kind: "missing" | "empty" | "map" | "refused";
  /** The bytes, as Latin-1. */
  readonly text: string;
  /** The member `token` of a map. */
  readonly token?: string;
  readonly why?: string;
}

export interface Watch {
  /** Everything seen up to now. */
  readonly sights: readonly Sight[];
  /** Ends the reader. @returns how often it has read. */
  stop(): Promise<number>;
}

/** Reads a file from another process, about a thousand times a second, until it is stopped. */
export async function watch(file: string): Promise<Watch> {
  const child = spawn(process.execPath, [READER, file], { stdio: ["pipe", "pipe", "inherit"] });
  atEnd(() => child.kill("SIGKILL"));
  const sights: Sight[] = [];
  let reads = 0;
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const seen = JSON.parse(line) as Sight | { kind: "end"; reads: number };
      if (seen.kind === "end") reads = seen.reads;
      else sights.push(seen);
    }
  });
  const closed = once(child, "close");
  await Promise.race([once(child.stdout, "data"), closed]);
  return {
    sights,
    async stop() {
      child.stdin.end();
      await closed;
      if (reads === 0) throw new Error("The reader came to an early end.");
      return reads;
    },
  };
}
