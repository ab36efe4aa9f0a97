import { readFileSync } from "node:fs";
import type { SigningKey, User } from "@meshauth/meshery-simulator";
import { callbackOf, LINK } from "./login.js";
import { relay } from "./relay.js";
import { type Running, start } from "./running.js";
import { simulatedHome } from "./simulated.js";

/** A login that stays at work when the browser has come back, for it gets no answer to who it is. */
export interface Checking {
  readonly program: Running;
  readonly link: string;
  /** Where the browser ends. */
  readonly done: string;
  /** Lets the answer through. */
  goOn(): void;
  /** Whose token is stored. */
  stored(): User | undefined;
}

/** Starts a login at a cloud that holds back the question for the account. */
export async function checking(signingKey: SigningKey): Promise<Checking> {
  const { home, simulator } = await simulatedHome({ signingKey });
  let goOn = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const port = await relay(simulator.cloud.url, { hold: { first: /^GET \/api\//, until } });
  const args = ["--no-browser", "--provider-url", `http://127.0.0.1:${port}`];
  const program = start(home, ["login", "layer5", ...args]);
  const [, link = ""] = await program.see(LINK);
  return {
    program,
    link,
    done: `${callbackOf(link).origin}/done`,
    goOn,
    stored() {
      const { token = "" } = JSON.parse(readFileSync(home.authJson, "utf8")) as { token?: string };
      return simulator.cloud.userOf(token);
    },
  };
}
