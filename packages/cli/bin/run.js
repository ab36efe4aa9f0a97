#!/usr/bin/env node
import { homedir } from "node:os";

try {
  homedir();
} catch {
  // A user id without a name, and no HOME, as in some containers: libraries ask for a home while they load. It must be
  // one that nobody can put anything into.
  process.env.HOME = "/nonexistent";
}
const { main } = await import("../dist/main.js");
await main(process.argv.slice(2));
