// The whole program, without the hot path: it loads nothing but the main program. Arguments are those of meshauth.
import { main } from "../../packages/cli/dist/main.js";

await main(process.argv.slice(2));
