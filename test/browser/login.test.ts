import { readFileSync } from "node:fs";
import { createSigningKey, ERAS } from "@meshauth/meshery-simulator";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { clickThrough, launchBrowser, NO_BROWSER, openTab, type Tab } from "../support/browser.js";
import { callbackOf, expectWithout, freed, LINK, snapshot } from "../support/login.js";
import type { Home } from "../support/program.js";
import { type Running, start } from "../support/running.js";
import { simulatedHome } from "../support/simulated.js";
import { openTerminal } from "../support/terminal.js";

const signingKey = await createSigningKey();
const stored = ({ authJson }: Home): Record<string, string> => JSON.parse(readFileSync(authJson, "utf8"));

describe.skipIf(NO_BROWSER)(`login layer5 in Chromium${NO_BROWSER ? ` (${NO_BROWSER})` : ""}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  async function tab(): Promise<Tab> {
    const opened = await openTab(browser);
    onTestFinished(() => opened.context.close());
    return opened;
  }

  async function waiting(home: Home): Promise<{ program: Running; link: string; done: string }> {
    const program = start(home, ["login", "layer5", "--no-browser"]);
    const [, link = ""] = await program.see(LINK);
    return { program, link, done: `${callbackOf(link).origin}/done` };
  }

  test.each(ERAS)("T21: era %s, by clicking through the cloud's pages", async (era) => {
    const { home, simulator } = await simulatedHome({ era, signingKey });
    const { program, link, done } = await waiting(home);
    const { page, requests, problems } = await tab();
    await page.goto(link);
    await clickThrough(page, { user: "Tomas Okafor" });
    await page.waitForURL(done);
    expect(page.url()).toBe(done);
    const text = (await page.textContent("main")) ?? "";
    expect(text).toContain("Login received");
    expect(text).toContain("return to your terminal");
    const { code, stderr } = await program.end();
    expect([code, stderr]).toEqual([0, expect.stringContaining("Tomas Okafor")]);
    const { token = "", "meshery-provider": name } = stored(home);
    expect(name).toBe(simulator.remoteName);
    expect(simulator.cloud.userOf(token)?.lastName).toBe("Okafor");
    expect(problems).toEqual([]);
    expect(requests.filter((url) => url.includes("token=")).map((url) => new URL(url).origin)).toEqual([
      callbackOf(link).origin,
    ]);
    expectWithout(token, stderr);
    expectWithout(token, await page.content());
    await freed(Number(new URL(done).port));
  });

  test("in a terminal, opened by the program that BROWSER names", async () => {
    const { home } = await simulatedHome({ signingKey });
    const terminal = openTerminal(home, ["login", "layer5"], { env: { BROWSER: "true" } });
    const [, link = ""] = await terminal.see(LINK);
    await terminal.see(/Your browser should show the sign-in page now\./);
    const { page } = await tab();
    await page.goto(link);
    await clickThrough(page);
    await page.waitForURL(`${callbackOf(link).origin}/done`);
    const { code, before, after } = await terminal.end();
    expect([code, after]).toEqual([0, before]);
    expect(terminal.text).toContain("Signed in with Layer5 as Mira Solberg");
    expectWithout(stored(home)["token"] ?? "", terminal.output);
  });

  test("a browser that is signed in already comes back and does not stay on the dashboard", async () => {
    const { home, simulator } = await simulatedHome({ signingKey, signedIn: "tomas-okafor" });
    const { program, link, done } = await waiting(home);
    const { page } = await tab();
    await page.goto(link);
    await page.getByRole("button", { name: "Allow" }).click();
    await page.waitForURL(done);
    expect((await program.end()).code).toBe(0);
    expect(simulator.cloud.userOf(stored(home)["token"] ?? "")?.userId).toBe("tomas-okafor");
  });

  test("another account than the one that is signed in there", async () => {
    const { home, simulator } = await simulatedHome({ signingKey, signedIn: true });
    const { program, link, done } = await waiting(home);
    const { page } = await tab();
    await page.goto(link);
    await page.getByRole("link", { name: "Use another account" }).click();
    await clickThrough(page, { user: "Yuki Brandt" });
    await page.waitForURL(done);
    expect((await program.end()).code).toBe(0);
    expect(simulator.cloud.userOf(stored(home)["token"] ?? "")?.lastName).toBe("Brandt");
  });

  test("denied: exit 5, and the page says to go back to the terminal", async () => {
    const { home } = await simulatedHome({ signingKey });
    const before = snapshot(home.path);
    const { program, link, done } = await waiting(home);
    const { page, problems } = await tab();
    await page.goto(link);
    await clickThrough(page, { decision: "Deny" });
    await page.waitForURL(done);
    expect(await page.textContent("main")).toContain("Return to your terminal");
    expect(await page.textContent("main")).not.toContain("denied");
    const { code, stderr } = await program.end();
    expect([code, stderr]).toEqual([5, expect.stringContaining("access_denied")]);
    expect(snapshot(home.path)).toEqual(before);
    expect(problems).toEqual([]);
  });

  test("a provider that drops the path: the page says that the address is not in use", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    simulator.faults.set("login-drops-path");
    const { program, link } = await waiting(home);
    const { page } = await tab();
    await page.goto(link);
    await clickThrough(page);
    await page.waitForURL(`${callbackOf(link).origin}/*`);
    expect(await page.textContent("main")).toContain("return to your terminal");
    program.kill("SIGINT");
    expect((await program.end()).code).toBe(130);
  });

  test("T30: a hostile description reaches neither the page nor the terminal as it is", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    simulator.faults.set("login-error");
    const terminal = openTerminal(home, ["login", "layer5", "--no-browser"]);
    const [, link = ""] = await terminal.see(LINK);
    const { page, problems } = await tab();
    await page.goto(link);
    await clickThrough(page);
    await page.waitForURL(`${callbackOf(link).origin}/done`);
    expect(await page.content()).not.toMatch(/alert|owned|Set-Cookie/);
    expect((await terminal.end()).code).toBe(5);
    expect(terminal.output).not.toMatch(/\u001b\]|\u0007|\u202e|^Set-Cookie/m);
    expect(terminal.text).toMatch(/access_denied.*<script>/);
    expect(page.url()).toMatch(/\/done$/);
    expect(problems).toEqual([]);
  });

  test("two logins at once, finished in the opposite order, do not mix", async () => {
    const first = await simulatedHome({ signingKey });
    const second = await simulatedHome({ signingKey });
    const [a, b] = [await waiting(first.home), await waiting(second.home)];
    const [tabA, tabB] = [await tab(), await tab()];
    await tabA.page.goto(a.link);
    await tabB.page.goto(b.link);
    await clickThrough(tabB.page, { user: "Yuki Brandt" });
    await tabB.page.waitForURL(b.done);
    expect((await b.program.end()).code).toBe(0);
    expect(snapshot(first.home.meshery)).toEqual({});
    await clickThrough(tabA.page, { user: "Tomas Okafor" });
    await tabA.page.waitForURL(a.done);
    expect((await a.program.end()).code).toBe(0);
    expect(first.simulator.cloud.userOf(stored(first.home)["token"] ?? "")?.lastName).toBe("Okafor");
    expect(second.simulator.cloud.userOf(stored(second.home)["token"] ?? "")?.lastName).toBe("Brandt");
  });

  test("T22: one login's answer at the other's address is refused, and both still complete", async () => {
    const first = await simulatedHome({ signingKey });
    const second = await simulatedHome({ signingKey });
    const [a, b] = [await waiting(first.home), await waiting(second.home)];
    const { page } = await tab();
    const crossed = new URL(callbackOf(a.link));
    crossed.port = callbackOf(b.link).port;
    const token = first.simulator.cloud.issueToken();
    const response = await page.goto(`${crossed}?token=${encodeURIComponent(token)}`);
    expect(response?.status()).toBe(404);
    expect(await page.textContent("main")).toContain("This address is not in use.");
    for (const { link, program, done } of [a, b]) {
      await page.goto(link);
      await clickThrough(page);
      await page.waitForURL(done);
      expect((await program.end()).code).toBe(0);
    }
  });

  test("reload and back are harmless while the command is still at work", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    simulator.faults.set("profile-slow");
    const { program, link, done } = await waiting(home);
    const { page, context } = await tab();
    await page.goto(link);
    await clickThrough(page);
    await page.waitForURL(done);
    const session = await context.newCDPSession(page);
    const { entries } = await session.send("Page.getNavigationHistory");
    expect(entries.map(({ url }) => url).filter((url) => url.includes("token="))).toEqual([]);
    await page.reload().catch(() => undefined);
    await page.goBack().catch(() => undefined);
    await page.goForward().catch(() => undefined);
    program.kill("SIGINT");
    await program.end();
    expect(program.stderr).not.toContain("second, different answer");
  });

  test("going back to the consent page and deciding again cannot change a login that is decided", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const { program, link, done } = await waiting(home);
    const { page } = await tab();
    await page.goto(link);
    await clickThrough(page, { user: "Tomas Okafor" });
    await page.waitForURL(done);
    await program.end();
    const { token = "" } = stored(home);
    await page.goBack();
    await page
      .getByRole("button", { name: "Allow" })
      .click()
      .catch(() => undefined);
    await page.waitForTimeout(300);
    expect(stored(home)["token"]).toBe(token);
    expect(simulator.cloud.userOf(token)?.lastName).toBe("Okafor");
  });

  test("A01, A02: a page of another site that guesses at the receiver changes nothing", async () => {
    const { home } = await simulatedHome({ signingKey });
    const { program, link, done } = await waiting(home);
    const { port, pathname } = callbackOf(link);
    const { page } = await tab();
    await page.goto(new URL("/", link).href);
    await page.evaluate(
      `(async () => {
        for (const path of ["/", "/callback?token=x", "/cb/layer5/x?token=x", ${JSON.stringify(`${pathname}?token=x`)}]) {
          const url = "http://localhost:${port}" + path;
          await fetch(url, { mode: "no-cors" }).catch(() => undefined);
          const image = new Image();
          await new Promise((resolve) => { image.onload = image.onerror = resolve; image.src = url; });
          const frame = document.createElement("iframe");
          frame.src = url;
          document.body.append(frame);
        }
      })()`,
    );
    await page.goto(link);
    await clickThrough(page);
    await page.waitForURL(done);
    expect((await program.end()).code).toBe(0);
  });
});
