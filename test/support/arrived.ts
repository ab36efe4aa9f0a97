import { readFileSync } from "node:fs";
import { until } from "./wait.js";

/** Waits until so many connections to a port of this machine hold data that its program has not read. */
export function arrived(port: number, count: number): Promise<void> {
  return until(
    () => unread(port) >= count,
    15_000,
    () => `${unread(port)} of ${count} requests are there.`,
  );
}

/** By the kernel's tables: local address, and bytes to read, both in hexadecimal. */
function unread(port: number): number {
  const local = new RegExp(
    `^ *\\d+: [0-9A-F]+:${port.toString(16).toUpperCase().padStart(4, "0")} \\S+ 01 \\S+:(\\S+)`,
  );
  const lines = ["tcp", "tcp6"].flatMap((name) => readFileSync(`/proc/net/${name}`, "utf8").split("\n"));
  return lines.filter((line) => Number.parseInt(local.exec(line)?.[1] ?? "0", 16) > 0).length;
}
