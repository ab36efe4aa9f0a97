// Loaded before the program: each of its requests says which trial process it comes from.
import { subscribe } from "node:diagnostics_channel";
import { open } from "node:fs/promises";

subscribe("undici:request:create", ({ request }) => request.addHeader("x-trial", process.env.TRIAL_ID ?? ""));

// strace counts calls in each thread and strikes in whichever first makes so many: with a lead, the thread for files
// comes before the main thread, which opens every module.
for (let opens = Number(process.env.TRIAL_OPENS ?? 0); opens > 0; opens -= 1) {
  const file = await open("/dev/null");
  await file.close();
}
