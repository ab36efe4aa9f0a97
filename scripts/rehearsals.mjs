// The rehearsals: releases and provider packages, from an empty folder to a registry on loopback and back. They take
// minutes, so `npm test` leaves them out. Words after the script choose files, as with vitest.
import { build, install, runBin } from "./setup.mjs";

install();
build();
runBin("vitest/vitest.mjs", "run", "--config", "vitest.rehearsals.config.ts", ...process.argv.slice(2));
