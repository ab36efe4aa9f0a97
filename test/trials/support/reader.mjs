// A reader without a lock, as mesheryctl is one: `node reader.mjs FILE` reads the file again and again until its
// standard input is closed. It prints a line of JSON for each content that differs from the one before.
import { readFileSync } from "node:fs";
import { decodeMap } from "./go-map.mjs";

const PAUSE_MS = 0.5;
const file = process.argv[2];
const cell = new Int32Array(new SharedArrayBuffer(4));
let reads = 0;
let last;
let running = true;

process.stdin.on("end", () => {
  running = false;
});
process.stdin.resume();

function look() {
  reads += 1;
  let bytes;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    bytes = error.code === "ENOENT" ? null : undefined;
    if (bytes === undefined) throw error;
  }
  if (last !== undefined && (bytes === null ? last === null : last !== null && bytes.equals(last))) return;
  last = bytes;
  process.stdout.write(`${JSON.stringify({ at: Date.now(), ...describe(bytes) })}\n`);
}

function describe(bytes) {
  if (bytes === null) return { kind: "missing", text: "" };
  const text = bytes.toString("latin1");
  if (bytes.length === 0) return { kind: "empty", text };
  try {
    return { kind: "map", text, token: decodeMap(bytes).get("token") ?? "" };
  } catch (error) {
    return { kind: "refused", text, why: error.message };
  }
}

function loop() {
  for (let turn = 0; turn < 20; turn += 1) {
    look();
    Atomics.wait(cell, 0, 0, PAUSE_MS);
  }
  if (running) setImmediate(loop);
  else process.stdout.write(`${JSON.stringify({ kind: "end", reads })}\n`);
}

loop();
