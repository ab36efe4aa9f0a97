import type { InstalledProvider } from "@meshauth/core";
import { type Breach, endMark, type ToChild, type ToParent } from "../protocol.js";
import { installGuards } from "./guards.js";
import { type Performance, perform } from "./perform.js";
import { Recorder } from "./recorder.js";

// The provider may replace these.
const tell = process.send?.bind(process);
const streams = [process.stdout, process.stderr].map((stream) => stream.write.bind(stream));

/** How long a failure in the background gets to show up, in milliseconds. A later one shows in the next try. */
const STRAY_MS = 5;

let installed: InstalledProvider | undefined;
let ports: ReadonlySet<number> = new Set();
let recorder = new Recorder();
let current: Performance | undefined;

installGuards(
  (kind: Breach["kind"], what) => recorder.breach(kind, what),
  (port) => ports.has(port),
);

process.on("message", (message: ToChild) => {
  switch (message.type) {
    case "start":
      installed = message.installed;
      return;
    case "run":
      void run(message);
      return;
    case "paste":
      send({ type: "pasted", refused: paste(message.text) });
      return;
    case "browser-left":
      current?.browserLeft();
      return;
  }
});
// Without the parent there is nothing left to do.
process.on("disconnect", () => process.exit(0));

async function run({ id, plan }: Extract<ToChild, { type: "run" }>): Promise<void> {
  if (installed === undefined) return;
  ports = new Set([plan.gateway, plan.nowhere, plan.mesheryServer].map((url) => Number(new URL(url).port)));
  const own = recorder;
  current = perform(installed, plan, own, send);
  await current.record;
  await new Promise((resolve) => setTimeout(resolve, STRAY_MS));
  // Once more: a failure in the background may have come meanwhile.
  const record = { ...(await current.record), breaches: own.breaches() };
  recorder = new Recorder();
  for (const write of streams) write(endMark(id));
  send({ type: "record", id, record });
}

function paste(text: string): string | null {
  try {
    return current?.paste(text) ?? null;
  } catch (error) {
    recorder.decision("threw in acceptPasted");
    return String(error);
  }
}

function send(message: ToParent): void {
  tell?.(message);
}

send({ type: "ready" });
