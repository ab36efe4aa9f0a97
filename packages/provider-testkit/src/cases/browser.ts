import type { Bench } from "../bench/bench.js";
import { type Browser, nameOf, REFUSED, signIn, TAKEN, withQuery } from "../bench/browser.js";
import { CONTRACT } from "../contract.js";
import type { RunRecord } from "../protocol.js";
import { failed, failedWith, PASSED, skipped, tell, type Verdict } from "../verdict.js";
import { type Case, NEEDS_LOGIN } from "./case.js";

/** A value that nobody can take for a code or a token. */
const WRONG = "x";

/** What a browser brings back, or does not. */
export const BROWSER_CASES: readonly Case[] = [
  {
    id: "browser.missing",
    title: "A callback without a parameter that is needed is refused, and the login goes on",
    contract: CONTRACT.refuse,
    needs: NEEDS_LOGIN,
    run: (bench) =>
      withEach(
        bench,
        async (name, record, status) => {
          // A parameter that may be missing is none that counts; the login succeeds all the same.
          if (record.outcome.kind === "done") return undefined;
          return status === REFUSED
            ? `after a callback without ${name} the right one comes, and the login succeeds`
            : `a callback without ${name} is refused, not taken`;
        },
        "missing",
      ),
  },
  {
    id: "browser.wrong",
    title: "A callback with a wrong parameter does not sign anybody in",
    contract: CONTRACT.parameters,
    needs: NEEDS_LOGIN,
    run: (bench) =>
      withEach(
        bench,
        async (name, { outcome }, status) => {
          if (status === REFUSED) {
            return outcome.kind === "done"
              ? undefined
              : `after a callback with a wrong ${name} the right one comes, and the login succeeds`;
          }
          const orderly = failedWith(outcome, ["denied", "protocol", "input", "expired", "unreachable"]);
          return orderly ? undefined : `a wrong ${name} is refused, or ends the login with a ProviderError`;
        },
        "wrong",
      ),
  },
  {
    id: "browser.repeated",
    title: "A callback with a parameter twice is refused, and the login goes on",
    contract: CONTRACT.refuse,
    needs: NEEDS_LOGIN,
    run: (bench) =>
      withEach(
        bench,
        async (name, { outcome }, status) =>
          status === REFUSED && outcome.kind === "done"
            ? undefined
            : `after a callback with ${name} twice the right one comes, and the login succeeds`,
        "repeated",
      ),
  },
  {
    id: "browser.refused",
    title: "A callback that says no ends the login as denied",
    contract: CONTRACT.fail,
    needs: NEEDS_LOGIN,
    run: sayNo,
  },
  {
    id: "browser.pasted",
    title: "The callback's address can be pasted; other text is refused",
    contract: CONTRACT.wait,
    needs: NEEDS_LOGIN,
    run: paste,
  },
  {
    id: "browser.decides",
    title: "Whatever comes back, the provider decides at once and does not fail",
    contract: CONTRACT.accept,
    needs: NEEDS_LOGIN,
    async run(bench) {
      if (!usesBrowser(bench)) return NO_BROWSER;
      const scene = await bench.open();
      const record = await scene.run("login", { probe: true });
      const [flaw] = record.decisions;
      if (flaw !== undefined)
        return failed("accept, refuse or fail, each with what belongs to it", `it ${flaw}`);
      return record.outcome.kind === "done" ? PASSED : failed("the login succeeds", tell(record, scene));
    },
  },
];

const NO_BROWSER = skipped("The login of the example uses no browser.");

function usesBrowser({ login }: Bench): boolean {
  return login?.waits.includes("wait") ?? false;
}

type Judge = (name: string, record: RunRecord, status: number) => Promise<string | undefined>;

/** Brings back a spoiled callback for each of its parameters and then, if that was refused, the right one. */
async function withEach(bench: Bench, judge: Judge, how: "missing" | "wrong" | "repeated"): Promise<Verdict> {
  if (!usesBrowser(bench)) return NO_BROWSER;
  let names: readonly string[] = [""];
  for (let index = 0; index < names.length; index += 1) {
    let status = 0;
    const scene = await bench.open();
    const record = await scene.run("login", {}, async (browser) => {
      const address = await browser.callback();
      names = countingNames(address, browser);
      status = await browser.deliver(spoil(address, names[index] ?? "", how));
      if (status !== TAKEN) await browser.deliver(address);
    });
    const expected = await judge(names[index] ?? "", record, status);
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

/** RFC 6749 section 4.1.2.1. */
async function sayNo(bench: Bench): Promise<Verdict> {
  if (!usesBrowser(bench)) return NO_BROWSER;
  let declared = false;
  const scene = await bench.open();
  const record = await scene.run("login", {}, async (browser) => {
    declared = browser.parameters.includes("error");
    if (!declared) return await signIn(browser);
    const address = await browser.callback();
    const no = ["error=access_denied", "error_description=The+person+said+no"];
    await browser.deliver(
      withQuery(address, (pairs) => [
        ...pairs.filter((pair) => ["state", "iss"].includes(nameOf(pair))),
        ...no,
      ]),
    );
  });
  if (!declared) return skipped("The provider takes no parameter error.");
  return failedWith(record.outcome, ["denied"]) ? PASSED : failed("it fails as denied", tell(record, scene));
}

async function paste(bench: Bench): Promise<Verdict> {
  if (!usesBrowser(bench)) return NO_BROWSER;
  let taken: string | undefined;
  const scene = await bench.open();
  const record = await scene.run("login", {}, async (browser) => {
    const address = await browser.callback();
    for (const text of ["hello", "https://example.invalid/?page=1"]) {
      if ((await browser.paste(text)) === null) taken = text;
    }
    if (taken === undefined) await browser.paste(address);
  });
  if (taken !== undefined) return failed("text that is no answer is refused", `it took "${taken}"`);
  return record.outcome.kind === "done" ? PASSED : failed("the pasted address is taken", tell(record, scene));
}
