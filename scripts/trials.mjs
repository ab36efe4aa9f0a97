// The trials: storms, kills and disk errors against the built program. They take minutes, so `npm test` leaves them out.
// TRIALS_SECONDS says how long they go on with new seeds (default 240), TRIALS_SEED repeats one seed.
import { build, install, runBin } from "./setup.mjs";

install();
build();
runBin("vitest/vitest.mjs", "run", "--config", "vitest.trials.config.ts", ...process.argv.slice(2));
