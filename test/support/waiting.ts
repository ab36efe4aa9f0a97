import { callbackOf, LINK } from "./login.js";
import type { Home } from "./program.js";
import { type Running, start } from "./running.js";

/** A login that opens no browser, at its wait for one. */
export interface Waiting {
  readonly program: Running;
  readonly link: string;
  /** Where a browser ends. */
  readonly done: string;
}

/** Starts a login that opens no browser. */
export async function waiting(home: Home, args: readonly string[] = []): Promise<Waiting> {
  const program = start(home, ["login", "layer5", "--no-browser", ...args]);
  const [, link = ""] = await program.see(LINK);
  return { program, link, done: `${callbackOf(link).origin}/done` };
}
