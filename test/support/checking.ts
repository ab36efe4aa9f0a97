import type { SigningKey, User } from "@meshauth/meshery-simulator";
import { readAuth } from "./files.js";
import { relay } from "./relay.js";
import { simulatedHome } from "./simulated.js";
import { type Waiting, waiting } from "./waiting.js";

/** A login that stays at work when the browser has come back, for it gets no answer to who it is. */
export interface Checking extends Waiting {
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
  return {
    ...(await waiting(home, ["--provider-url", `http://127.0.0.1:${port}`])),
    goOn,
    stored: () => simulator.cloud.userOf(readAuth(home.authJson)["token"] ?? ""),
  };
}
