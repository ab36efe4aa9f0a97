import { createSigningKey, ERAS, visitLogin } from "@meshauth/meshery-simulator";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { arrived } from "../support/arrived.js";
import { clickThrough, launchBrowser, NO_BROWSER, openTab, REBOUND, type Tab } from "../support/browser.js";
import { checking } from "../support/checking.js";
import { readAuth } from "../support/files.js";
import { expectInVain, hostilePage, type Report, reported } from "../support/hostile.js";
import { callbackOf, expectWithout, freed, LINK, snapshot } from "../support/login.js";
import type { Home } from "../support/program.js";
import { simulatedHome } from "../support/simulated.js";
import { openTerminal } from "../support/terminal.js";
import { waiting } from "../support/waiting.js";

const signingKey = await createSigningKey();
const STRANGER = "yuki.brandt@example.net";
const stored = ({ authJson }: Home): Readonly<Record<string, string>> => readAuth(authJson);

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

  /** Goes to a page that cannot be loaded, until the browser shows its own one instead. */
  async function fails(page: Page, go: () => Promise<unknown>): Promise<void> {
    await expect(go()).rejects.toThrow(/ERR_CONNECTION_REFUSED/);
    await page.waitForURL("chrome-error://chromewebdata/");
  }

  test.each(ERAS)("T21, A26: era %s, by clicking through the cloud's pages", async (era) => {
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
    expect(text).toContain("Do not copy or share the address of this page.");
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

  test("reload, back and forward are harmless while the command is still at work", async () => {
    const { program, link, done, stored, goOn } = await checking(signingKey);
    const { page, context } = await tab();
    await page.goto(link);
    await clickThrough(page, { user: "Tomas Okafor" });
    await page.waitForURL(done);
    // From here on nobody answers at the callback's port.
    await freed(Number(new URL(done).port));
    const session = await context.newCDPSession(page);
    const { entries } = await session.send("Page.getNavigationHistory");
    expect(entries.map(({ url }) => url).filter((url) => url.includes("token="))).toEqual([]);
    await fails(page, () => page.reload());
    await page.goBack();
    expect(page.url()).toMatch(/\/login\?/);
    await fails(page, () => page.goForward());
    goOn();
    expect((await program.end()).code).toBe(0);
    expect(stored()?.lastName).toBe("Okafor");
    expect(program.stderr).not.toContain("second, different answer");
  });

  test("going back and signing in as somebody else cannot change a login that is decided", async () => {
    const { program, link, done, stored, goOn } = await checking(signingKey);
    const { page } = await tab();
    await page.goto(link);
    await clickThrough(page, { user: "Tomas Okafor" });
    await page.waitForURL(done);
    await freed(Number(new URL(done).port));
    await page.goBack();
    await page.getByRole("link", { name: "Use another account" }).click();
    const second = page.waitForRequest((request) => request.url().startsWith(`${callbackOf(link)}?token=`));
    await clickThrough(page, { user: "Yuki Brandt" });
    // Nobody answers any more where it leads.
    expect(await (await second).response()).toBeNull();
    goOn();
    expect((await program.end()).code).toBe(0);
    expect(stored()?.lastName).toBe("Okafor");
  });

  test("the same callback in two tabs at once signs in once", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const { program, link, done } = await waiting(home);
    const { callback = "" } = await visitLogin(link, { stay: true });
    const tabs = [await tab(), await tab()];
    program.kill("SIGSTOP");
    const visits = tabs.map(({ page }) => page.goto(callback).catch(() => undefined));
    await arrived(Number(callbackOf(link).port), 2);
    program.kill("SIGCONT");
    const { code, stderr } = await program.end();
    expect([code, stderr]).toEqual([0, expect.stringContaining("Mira Solberg")]);
    expect(stderr).not.toContain("second, different answer");
    expect(simulator.cloud.isActive(stored(home)["token"] ?? "")).toBe(true);
    await Promise.all(visits);
    // One of them has the last page. It ends the login, so the other one may be too late for it.
    expect(tabs.map(({ page }) => page.url())).toContain(done);
  });

  test("A03: two different callbacks at once: one is taken, and the other one is told of", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const { program, link, done } = await waiting(home);
    const { callback = "" } = await visitLogin(link, { stay: true });
    const stranger = simulator.cloud.issueToken({ user: STRANGER });
    const callbacks = [callback, `${callbackOf(link)}?token=${encodeURIComponent(stranger)}`];
    const tabs = [await tab(), await tab()];
    program.kill("SIGSTOP");
    const visits = Promise.all(tabs.map(({ page }, index) => page.goto(callbacks[index] ?? "")));
    visits.catch(() => undefined);
    await arrived(Number(callbackOf(link).port), 2);
    program.kill("SIGCONT");
    const { code, stderr } = await program.end();
    expect([code, stderr]).toEqual([0, expect.stringContaining("second, different answer")]);
    const statuses = (await visits).map((response) => response?.status());
    expect([...statuses].sort()).toEqual([200, 409]);
    const taken = statuses.indexOf(200);
    expect(tabs[taken]?.page.url()).toBe(done);
    expect(stored(home)["token"]).toBe(new URL(callbacks[taken] ?? "").searchParams.get("token"));
  });

  test("A01, A02, T23, T27: a page in another tab that scans ports and tries everything changes nothing", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const { program, link, done } = await waiting(home);
    const callback = callbackOf(link);
    const token = simulator.cloud.issueToken({ user: STRANGER });
    const hostile = await hostilePage({ callback, token });
    const { page, context } = await tab();
    const answers = new Map<string, Set<string>>();
    page.on("response", (response) => {
      const { pathname, origin } = new URL(response.url());
      if (origin !== callback.origin) return;
      const found = answers.get(pathname) ?? new Set();
      answers.set(pathname, found.add(`${response.request().method()} ${response.status()}`));
    });
    const report = (): Promise<Report> => page.evaluate<Report>("window.report");
    await page.goto(hostile.url);
    await expectInVain(hostile, report);
    // What the browser tells of, which are the frames.
    expect(Object.fromEntries(answers)).toEqual({
      "/": new Set(["GET 404", "POST 404"]),
      "/callback": new Set(["GET 404", "POST 404"]),
      "/cb/layer5/x": new Set(["GET 404", "POST 404"]),
      [callback.pathname]: new Set(["GET 403", "POST 405"]),
    });

    // The same person, with the same cookies, signs in while it goes on.
    const other = await context.newPage();
    await other.goto(link);
    const { attempts } = await report();
    await reported(report, (now) => now.attempts > attempts);
    await clickThrough(other, { user: "Tomas Okafor" });
    await other.waitForURL(done);
    const { code, stderr } = await program.end();
    expect([code, stderr]).toEqual([0, expect.stringContaining("Tomas Okafor")]);
    expect(simulator.cloud.userOf(stored(home)["token"] ?? "")?.lastName).toBe("Okafor");
    expectWithout(token, stderr);
  });

  test("T22: a page of another site that goes to guessed addresses itself gets a page that says so", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const { program, link, done } = await waiting(home);
    const { origin } = callbackOf(link);
    const token = encodeURIComponent(simulator.cloud.issueToken({ user: STRANGER }));
    const { page } = await tab();
    for (const path of ["/", "/callback", `/cb/layer5/${"A".repeat(43)}`]) {
      await page.goto(new URL("/", link).href);
      const address = `${origin}${path}?token=${token}`;
      const [response] = await Promise.all([
        page.waitForResponse(address),
        page.waitForURL(address),
        page.evaluate(`location.href = ${JSON.stringify(address)}`),
      ]);
      expect(response.status()).toBe(404);
    }
    await page.goto(link);
    await clickThrough(page, { user: "Tomas Okafor" });
    await page.waitForURL(done);
    expect((await program.end()).code).toBe(0);
    expect(simulator.cloud.userOf(stored(home)["token"] ?? "")?.lastName).toBe("Okafor");
  });

  test("A05, T24: another name that leads to the receiver is refused, with the right address and a good token", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const { program, link, done } = await waiting(home);
    const address = callbackOf(link);
    address.hostname = REBOUND;
    address.searchParams.set("token", simulator.cloud.issueToken({ user: STRANGER }));
    const { page } = await tab();
    const response = page.waitForResponse(address.href);
    // Of an answer without content the browser makes an error of its own.
    await expect(page.goto(address.href)).rejects.toThrow("ERR_HTTP_RESPONSE_CODE_FAILURE");
    expect((await response).status()).toBe(421);
    await page.waitForURL("chrome-error://chromewebdata/");
    await page.goto(link);
    await clickThrough(page, { user: "Tomas Okafor" });
    await page.waitForURL(done);
    expect((await program.end()).code).toBe(0);
    expect(simulator.cloud.userOf(stored(home)["token"] ?? "")?.lastName).toBe("Okafor");
  });
});
