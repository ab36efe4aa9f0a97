import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import {
  type Certified,
  quiet,
  startCertified,
} from "../../packages/provider-oidc/test/support/certified.js";
import { signInAt } from "../../packages/provider-oidc/test/support/person.js";
import { endAll } from "../../packages/provider-oidc/test/support/running.js";
import { launchBrowser, NO_BROWSER, openTab, REBOUND, type Tab } from "../support/browser.js";
import { put, readAuth } from "../support/files.js";
import { expectInVain, hostilePage, type Report, reported } from "../support/hostile.js";
import { expectWithout, freed, snapshot } from "../support/login.js";
import { offlineHome } from "../support/offline.js";
import type { Home } from "../support/program.js";
import { start } from "../support/running.js";
import { openTerminal } from "../support/terminal.js";

/** The link of a sign-in with the browser, as it is printed. */
const LINK = /^(http:\S+\/auth\?\S+)$/m;

describe.skipIf(NO_BROWSER)(`login oidc in Chromium${NO_BROWSER ? ` (${NO_BROWSER})` : ""}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await endAll();
  });
  beforeEach(quiet);

  async function tab(): Promise<Tab> {
    const opened = await openTab(browser);
    // The server's pages ask for a font of a public host.
    const far = ({ hostname }: URL) => !["127.0.0.1", "localhost", REBOUND].includes(hostname);
    await opened.context.route(far, (route) => route.abort());
    onTestFinished(() => opened.context.close());
    return opened;
  }

  const login = ({ issuer }: Certified, ...more: string[]) => [
    ...["login", "oidc", "--issuer", issuer, "--client-id", "cli", "--prompt", "consent"],
    ...more,
  ];

  /** A login that opens no browser, at its wait for one. */
  async function waiting(server: Certified) {
    const home = offlineHome();
    const program = start(home, login(server, "--no-browser"));
    const [, link = ""] = await program.see(LINK);
    const callback = new URL(new URL(link).searchParams.get("redirect_uri") ?? "");
    const state = new URL(link).searchParams.get("state") ?? "";
    return { home, program, link, callback, state, done: `${callback.origin}/done` };
  }

  /** Fills in the server's forms as a person does. */
  async function fillIn(page: Page, { user = "ada", agree = true } = {}): Promise<void> {
    await page.getByPlaceholder("Enter any login").fill(user);
    await page.getByPlaceholder("and password").fill("made-up");
    await page.getByRole("button", { name: "Sign-in" }).click();
    if (agree) await page.getByRole("button", { name: "Continue" }).click();
    else await page.getByRole("link", { name: "Cancel" }).click();
  }

  /** Goes to a page that cannot be loaded, until the browser shows its own one instead. */
  async function fails(page: Page, go: () => Promise<unknown>): Promise<void> {
    await expect(go()).rejects.toThrow(/ERR_/);
    await page.waitForURL("chrome-error://chromewebdata/");
  }

  const tokenOf = (home: Home): string => readAuth(home.authJson)["token"] ?? "";

  test("a person signs in with the page that MESHAUTH_BROWSER opened; reload, back and a second tab change nothing", async () => {
    const server = await startCertified();
    const home = offlineHome();
    const opened = join(home.path, "opened");
    const opener = put(join(home.path, "opener"), `#!/bin/sh\nprintf %s "$1" >'${opened}'\n`, 0o755);
    const goOn = server.hold("/me");
    const terminal = openTerminal(home, login(server), { env: { MESHAUTH_BROWSER: opener } });
    const [, link = ""] = await terminal.see(LINK);
    await terminal.see(/Your browser should show the sign-in page now\./);
    const { page, context, requests } = await tab();
    expect(readFileSync(opened, "utf8")).toBe(link);
    await page.goto(link);
    await fillIn(page);
    const { origin } = new URL(new URL(link).searchParams.get("redirect_uri") ?? "");
    await page.waitForURL(`${origin}/done`);
    expect(await page.textContent("main")).toContain("Login received");
    await freed(Number(new URL(origin).port));
    const session = await context.newCDPSession(page);
    const { entries } = await session.send("Page.getNavigationHistory");
    expect(entries.map(({ url }) => url).filter((url) => url.includes("code="))).toEqual([]);
    await fails(page, () => page.reload());
    await page.goBack();
    await fails(page, () => page.goForward());
    const other = await context.newPage();
    await other.goto(link).catch(() => undefined);
    goOn();
    const { code, before, after } = await terminal.end();
    expect([code, after]).toEqual([0, before]);
    expect(terminal.text).toMatch(/^Signed in with 127\.0\.0\.1:\d+ as Ada Example <ada@login\.example>\.$/m);
    expectWithout(tokenOf(home), terminal.output);
    const answer = requests.find((url) => url.includes("code=")) ?? "";
    expectWithout(new URL(answer).searchParams.get("code") ?? "", terminal.output);
    expect(server.grants).toEqual(["cli authorization_code"]);
  });

  test("turned down: exit 5 in the server's words, and nothing is stored", async () => {
    const { home, program, link, done } = await waiting(await startCertified());
    const before = snapshot(home.path);
    const { page } = await tab();
    await page.goto(link);
    await fillIn(page, { agree: false });
    await page.waitForURL(done);
    const text = (await page.textContent("main")) ?? "";
    expect(text).toContain("Return to your terminal");
    expect(text).not.toContain("denied");
    const { code, stderr } = await program.end();
    expect([code, stderr]).toEqual([5, expect.stringContaining('It said "access_denied": End-User aborted')]);
    expect(snapshot(home.path)).toEqual(before);
  });

  test("a page of another site that guesses at the known path, in all ways and with codes, changes nothing", async () => {
    const server = await startCertified();
    const { home, program, link, callback, state, done } = await waiting(server);
    const code = "made-up-code-of-somebody-else-0123456789";
    const iss = encodeURIComponent(server.issuer);
    const wrong = "A".repeat(state.length);
    const queries = [
      `?code=${code}&state=${wrong}&iss=${iss}`,
      `?code=${code}&iss=${iss}`,
      `?error=access_denied&error_description=owned&state=${wrong}`,
      `?code=${code}&state=${wrong}&state=${state}`,
    ];
    const hostile = await hostilePage({ callback, token: code, queries });
    const { page, context } = await tab();
    const before = program.stderr;
    await page.goto(hostile.url);
    const report = (): Promise<Report> => page.evaluate<Report>("window.report");
    await expectInVain(hostile, report);
    // It goes there itself, too.
    const visitor = await context.newPage();
    for (const query of queries) {
      const response = await visitor.goto(`${callback.href}${query}`);
      expect(response?.status()).toBe(404);
      expect(await visitor.textContent("main")).toContain("This address is not in use.");
    }
    const rebound = new URL(`${callback.href}?code=${code}&state=${state}&iss=${iss}`);
    rebound.hostname = REBOUND;
    const refused = visitor.waitForResponse(rebound.href);
    await fails(visitor, () => visitor.goto(rebound.href));
    expect((await refused).status()).toBe(421);
    expect(program.stderr).toBe(before);

    // The same person, with the same cookies, signs in while it goes on.
    const { attempts } = await report();
    await reported(report, (now) => now.attempts > attempts);
    await visitor.goto(link);
    await fillIn(visitor);
    await visitor.waitForURL(done);
    const outcome = await program.end();
    expect([outcome.code, outcome.stderr]).toEqual([0, expect.stringContaining("ada@login.example")]);
    expect(outcome.stderr).not.toMatch(/owned|refused|different answer/);
    expectWithout(code, outcome.stderr);
    expect(server.grants).toEqual(["cli authorization_code"]);
    expect(tokenOf(home)).not.toBe("");
  });

  test("mix-up: what one issuer answered is no use at the login of the other, and both complete", async () => {
    const [a, b] = await Promise.all([startCertified(), startCertified()]);
    const [first, second] = [await waiting(a), await waiting(b)];
    const { page } = await tab();
    const answer = await signInAt(new URL(first.link), { user: "eve", stay: true });
    const carried = new URL(answer);
    carried.port = second.callback.port;
    expect((await page.goto(carried.href))?.status()).toBe(404);
    // Even with the state of the second login, as a hostile issuer would have it.
    carried.searchParams.set("state", second.state);
    expect((await page.goto(carried.href))?.status()).toBe(400);
    await second.program.see(/belongs to another sign-in, or to another server/);
    expect(b.grants).toEqual([]);

    await page.goto(second.link);
    await fillIn(page, { user: "ada" });
    await page.waitForURL(second.done);
    expect(await second.program.end()).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("ada@login.example"),
    });
    await page.goto(answer);
    await page.waitForURL(first.done);
    expect(await first.program.end()).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("eve@login.example"),
    });
    expect([a.grants, b.grants]).toEqual([["cli authorization_code"], ["cli authorization_code"]]);
  });

  test("a code that is typed in at the server signs in the terminal that shows it", async () => {
    const server = await startCertified();
    const home = offlineHome();
    const args = ["login", "oidc", "--issuer", server.issuer, "--client-id", "cli", "--flow", "device"];
    const terminal = openTerminal(home, args, { columns: 80, rows: 50 });
    const [, code = ""] = await terminal.see(/enter this code: ([A-Z]{4}-[A-Z]{4})/);
    await terminal.see(/r=QR q=leave \?=help/);
    terminal.type("r");
    await terminal.see(/[█▀▄]{10}/);
    const { page } = await tab();
    await page.goto(`${server.issuer}/device`);
    await page.locator("input[name=user_code]").fill(code);
    await page.getByRole("button", { name: "Continue" }).click();
    // The page asks whether this is the code that the terminal shows.
    expect(await page.textContent("body")).toContain(code);
    await page.getByRole("button", { name: "Continue" }).click();
    await fillIn(page);
    await page.getByText("Sign-in Success").waitFor();
    const { code: exit, before, after } = await terminal.end(20_000);
    expect([exit, after]).toEqual([0, before]);
    expect(terminal.text).toContain("as Ada Example <ada@login.example>.");
    expect(server.grants).toEqual(["cli device_code"]);
  });
});
