// Preloaded: writes down the address of each module that the process imports, to the file that IMPORTS_FILE names.
import { appendFileSync } from "node:fs";
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

// Node runs the hook in a thread of its own, which loads this file once more.
if (isMainThread) register(import.meta.url);

export function load(url, context, nextLoad) {
  appendFileSync(process.env.IMPORTS_FILE, `${url}\n`);
  return nextLoad(url, context);
}
