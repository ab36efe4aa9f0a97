import type { Bench } from "../bench/bench.js";
import { type Browser, NOT_FOUND, nameOf, REFUSED, TAKEN, withQuery } from "../bench/browser.js";
import type { RunRecord } from "../protocol.js";
import { failed, PASSED, skipped, tell, type Verdict } from "../verdict.js";

/** A value that nobody can take for a code or a token. */
const WRONG = "x";

/** There is nothing to bring back. */
export const NO_BROWSER = skipped("The login of the example uses no browser.");

/** Whether the login of the example waits for a browser. */
export function usesBrowser({ login }: Bench): boolean {
  return login?.waits.includes("wait") ?? false;
}

/** Says what was expected in the place of what happened; `undefined` when all is well. */
export type Judge = (name: string, record: RunRecord, status: number) => string | undefined;

/** Brings back a spoiled callback for each of its parameters and then, if that was refused, the right one. */
export async function withEach(
  bench: Bench,
  judge: Judge,
  how: "missing" | "wrong" | "repeated",
): Promise<Verdict> {
  if (!usesBrowser(bench)) return NO_BROWSER;
  let names: readonly string[] = [""];
  for (let index = 0; index < names.length; index += 1) {
    let status = 0;
    const scene = await bench.open();
    const record = await scene.run("login", {}, async (browser) => {
      const address = await browser.callback();
      names = countingNames(address, browser);
      const answered = await browser.deliver(spoil(address, names[index] ?? "", how));
      // Without its state, a registered address is none of this login.
      status = answered === NOT_FOUND ? REFUSED : answered;
      if (status !== TAKEN) await browser.deliver(address);
    });
    const expected = judge(names[index] ?? "", record, status);
    if (expected !== undefined) return failed(expected, `${answer(status)}, and ${tell(record, scene)}`);
  }
  return PASSED;
}

function answer(status: number): string {
  if (status === TAKEN) return "it was taken";
  return status === REFUSED ? "it was refused" : `the browser got ${status || "no answer"}`;
}

function countingNames(address: string, { parameters }: Browser): readonly string[] {
  const pairs = (address.split(/\?(.*)/s)[1] ?? "").split("&");
  return [...new Set(pairs.map(nameOf).filter((name) => parameters.includes(name)))];
}

function spoil(address: string, name: string, how: "missing" | "wrong" | "repeated"): string {
  return withQuery(address, (pairs) =>
    pairs.flatMap((pair) => {
      if (nameOf(pair) !== name) return [pair];
      if (how === "missing") return [];
      return how === "wrong" ? [`${name}=${WRONG}`] : [pair, pair];
    }),
  );
}
