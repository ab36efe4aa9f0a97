// A writer that goes on until its standard input is closed: `node writer.mjs KIND '<json>'`.
//   mesheryctl: in place, without a lock, with the file empty or half written for a moment.
//   store: through the package, under its lock.
// On its end it prints how often it has written.
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { AuthStore } from "../../../packages/auth-store/dist/index.js";

const [kind, json] = process.argv.slice(2);
const { file, dataDir, texts } = JSON.parse(json);
let running = true;
let writes = 0;
process.stdin.on("end", () => {
  running = false;
});
process.stdin.resume();

const any = (values) => values[Math.floor(Math.random() * values.length)];

async function inPlace(text) {
  const half = Math.floor(text.length / 2);
  const target = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o644);
  try {
    if (Math.random() < 0.5) await sleep(Math.random() * 4);
    writeSync(target, text.slice(0, half));
    if (Math.random() < 0.5) await sleep(Math.random() * 4);
    writeSync(target, text.slice(half));
  } finally {
    closeSync(target);
  }
}

async function throughStore(text) {
  const store = new AuthStore({ file, dataDir });
  const { token } = JSON.parse(text);
  const members = new Map([
    ["meshery-provider", "Layer5"],
    ["token", token],
  ]);
  try {
    await store.commit(() => (Math.random() < 0.2 ? { empty: true } : { members, keepPrevious: true }));
  } catch (error) {
    // The other writer came first.
    if (error.code !== "MESHAUTH_E_CHANGED") throw error;
  }
}

const write = kind === "mesheryctl" ? inPlace : throughStore;
while (running) {
  await write(any(texts));
  writes += 1;
  await sleep(kind === "mesheryctl" ? 5 + Math.random() * 120 : Math.random() * 40);
}
process.stdout.write(`${writes}\n`);
