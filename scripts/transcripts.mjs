// Writes docs/transcripts.md from real runs in a terminal, against simulated servers. With --check it only says whether
// the page is up to date, as the tests do.
import { build, install, runBin } from "./setup.mjs";

install();
build();
const update = process.argv.includes("--check") ? [] : ["--update"];
runBin("vitest/vitest.mjs", "run", "test/terminal/transcripts.test.ts", ...update);
