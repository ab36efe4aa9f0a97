// Loaded before the program: each of its requests says which trial process it comes from.
import { subscribe } from "node:diagnostics_channel";

subscribe("undici:request:create", ({ request }) => request.addHeader("x-trial", process.env.TRIAL_ID ?? ""));
