import type { Bench } from "../bench/bench.js";
import { nameOf, REFUSED, signIn, withQuery } from "../bench/browser.js";
import { CONTRACT } from "../contract.js";
import { failed, failedWith, PASSED, skipped, tell, type Verdict } from "../verdict.js";
import { type Case, NEEDS_LOGIN } from "./case.js";
import { type Judge, NO_BROWSER, usesBrowser, withEach } from "./spoiled.js";

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
        (name, record, status) => {
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
    title: "A callback with a wrong or a repeated parameter does not sign anybody in",
    contract: CONTRACT.parameters,
    needs: NEEDS_LOGIN,
    async run(bench) {
      const wrong = await withEach(bench, judgeWrong, "wrong");
      return wrong.result === "pass" ? await withEach(bench, judgeRepeated, "repeated") : wrong;
    },
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

const judgeWrong: Judge = (name, { outcome }, status) => {
  if (status === REFUSED) {
    return outcome.kind === "done"
      ? undefined
      : `after a callback with a wrong ${name} the right one comes, and the login succeeds`;
  }
  const orderly = failedWith(outcome, ["denied", "protocol", "input", "expired", "unreachable"]);
  return orderly ? undefined : `a wrong ${name} is refused, or ends the login with a ProviderError`;
};

/** The host refuses it before the provider is asked. */
const judgeRepeated: Judge = (name, { outcome }, status) =>
  status === REFUSED && outcome.kind === "done"
    ? undefined
    : `after a callback with ${name} twice the right one comes, and the login succeeds`;

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
