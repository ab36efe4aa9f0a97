import { createSigningKey, visitLogin } from "@meshauth/meshery-simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arrived } from "../support/arrived.js";
import { REBOUND } from "../support/browser.js";
import { checking } from "../support/checking.js";
import { readAuth } from "../support/files.js";
import { Firefox, NO_FIREFOX } from "../support/firefox.js";
import { expectInVain, hostilePage, type Report, reported } from "../support/hostile.js";
import { callbackOf, expectWithout, freed, snapshot } from "../support/login.js";
import type { Home } from "../support/program.js";
import type { Running } from "../support/running.js";
import { simulatedHome } from "../support/simulated.js";
import { until } from "../support/wait.js";
import { waiting } from "../support/waiting.js";

const signingKey = await createSigningKey();
const STRANGER = "yuki.brandt@example.net";
const stored = ({ authJson }: Home): Readonly<Record<string, string>> => readAuth(authJson);

describe.skipIf(NO_FIREFOX)(`login layer5 in Firefox${NO_FIREFOX ? ` (${NO_FIREFOX})` : ""}`, () => {
  let firefox: Firefox;
  beforeAll(async () => {
    firefox = await Firefox.launch();
  });
  afterAll(() => firefox?.close());

  /** Signs in at the simulated cloud as a person does. */
  async function clickThrough(user: string, decision = "Allow"): Promise<void> {
    await firefox.click(`//label[contains(., "${user}")]`);
    await firefox.click('//button[contains(., "Sign in")]');
    await firefox.click(`//button[contains(., "${decision}")]`);
  }

  test("T21: by clicking through the cloud's pages", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const { program, link, done } = await waiting(home);
    await firefox.go(link);
    await clickThrough("Tomas Okafor");
    await firefox.at(done);
    const page = String(await firefox.run("return document.documentElement.outerHTML"));
    expect(page).toContain("return to your terminal");
    const { code, stderr } = await program.end();
    expect([code, stderr]).toEqual([0, expect.stringContaining("Tomas Okafor")]);
    const { token = "" } = stored(home);
    expect(simulator.cloud.userOf(token)?.lastName).toBe("Okafor");
    expectWithout(token, page);
    await freed(Number(new URL(done).port));
  });

  test("denied: exit 5, and nothing is written", async () => {
    const { home } = await simulatedHome({ signingKey });
    const before = snapshot(home.path);
    const { program, link, done } = await waiting(home);
    await firefox.go(link);
    await clickThrough("Tomas Okafor", "Deny");
    await firefox.at(done);
    expect((await program.end()).code).toBe(5);
    expect(snapshot(home.path)).toEqual(before);
  });

  test("reload, back and forward are harmless while the command is still at work", async () => {
    const { program, link, done, stored, goOn } = await checking(signingKey);
    await firefox.go(link);
    await clickThrough("Tomas Okafor");
    await firefox.at(done);
    // From here on nobody answers at the callback's port.
    await freed(Number(new URL(done).port));
    for (const command of ["Refresh", "Back", "Forward"]) {
      await firefox.send(`WebDriver:${command}`).catch(() => undefined);
      expect(await firefox.url()).not.toContain("token=");
    }
    goOn();
    expect((await program.end()).code).toBe(0);
    expect(stored()?.lastName).toBe("Okafor");
    expect(program.stderr).not.toContain("second, different answer");
  });

  test("going back and signing in as somebody else cannot change a login that is decided", async () => {
    const { program, link, done, stored, goOn } = await checking(signingKey);
    await firefox.newTab();
    await firefox.go(link);
    await clickThrough("Tomas Okafor");
    await firefox.at(done);
    await freed(Number(new URL(done).port));
    await firefox.send("WebDriver:Back");
    await firefox.click('//a[contains(., "Use another account")]');
    // Nobody answers any more where the last click leads.
    await expect(clickThrough("Yuki Brandt")).rejects.toThrow(/about:neterror|connectionFailure/);
    goOn();
    expect((await program.end()).code).toBe(0);
    expect(stored()?.lastName).toBe("Okafor");
  });

  test("the same callback in two tabs at once signs in once", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const { program, link, done } = await waiting(home);
    const { callback = "" } = await visitLogin(link, { stay: true });
    // Of two requests for exactly one address, Firefox holds back the second.
    const tabs = await inTabs(program, link, [callback, `${callback}&tab=2`]);
    const { code, stderr } = await program.end();
    expect([code, stderr]).toEqual([0, expect.stringContaining("Mira Solberg")]);
    expect(stderr).not.toContain("second, different answer");
    expect(simulator.cloud.isActive(stored(home)["token"] ?? "")).toBe(true);
    // One of them has the last page. It ends the login, so the other one may be too late for it.
    await until(
      async () => (await urls(tabs)).includes(done),
      15_000,
      () => "Neither has the last page.",
    );
  });

  test("A03: two different callbacks at once: one is taken, and the other one is told of", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const { program, link } = await waiting(home);
    const { callback = "" } = await visitLogin(link, { stay: true });
    const stranger = simulator.cloud.issueToken({ user: STRANGER });
    await inTabs(program, link, [callback, `${callbackOf(link)}?token=${encodeURIComponent(stranger)}`]);
    const { code, stderr } = await program.end();
    expect([code, stderr]).toEqual([0, expect.stringContaining("second, different answer")]);
    // Whose it is is told, too.
    const { token = "" } = stored(home);
    expect([stranger, new URL(callback).searchParams.get("token")]).toContain(token);
    expect(stderr).toContain(simulator.cloud.userOf(token)?.lastName);
  });

  /** Opens addresses in tabs of their own, so that the program has all of them before it answers one. */
  async function inTabs(program: Running, link: string, addresses: readonly string[]): Promise<string[]> {
    program.kill("SIGSTOP");
    const tabs: string[] = [];
    for (const address of addresses) {
      tabs.push(await firefox.newTab());
      // A page that is opened from a script is not waited for.
      await firefox.run(`location.href = ${JSON.stringify(address)}`);
      await arrived(Number(callbackOf(link).port), tabs.length);
    }
    program.kill("SIGCONT");
    return tabs;
  }

  async function urls(tabs: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (const tab of tabs) {
      await firefox.switchTo(tab);
      found.push(await firefox.url());
    }
    return found;
  }

  test("A01, A02, T23, T27: a page in another tab that scans ports and tries everything changes nothing", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const { program, link, done } = await waiting(home);
    const token = simulator.cloud.issueToken({ user: STRANGER });
    const hostile = await hostilePage({ callback: callbackOf(link), token });
    const page = await firefox.newTab();
    const report = async (): Promise<Report> => (await firefox.run("return window.report")) as Report;
    await firefox.go(hostile.url);
    await expectInVain(hostile, report);

    // The same person, with the same cookies, signs in while it goes on.
    const { attempts } = await report();
    const other = await firefox.newTab();
    await firefox.go(link);
    await firefox.switchTo(page);
    await reported(report, (now) => now.attempts > attempts);
    await firefox.switchTo(other);
    await clickThrough("Tomas Okafor");
    await firefox.at(done);
    const { code, stderr } = await program.end();
    expect([code, stderr]).toEqual([0, expect.stringContaining("Tomas Okafor")]);
    expect(simulator.cloud.userOf(stored(home)["token"] ?? "")?.lastName).toBe("Okafor");
    expectWithout(token, stderr);
    await firefox.switchTo(page);
    await firefox.go("about:blank");
  });

  test("A05, T24: another name that leads to the receiver is refused, with the right address and a good token", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const { program, link, done } = await waiting(home);
    const address = callbackOf(link);
    address.hostname = REBOUND;
    address.searchParams.set("token", simulator.cloud.issueToken({ user: STRANGER }));
    await firefox.newTab();
    await firefox.go(address.href);
    const status = await firefox.run('return performance.getEntriesByType("navigation")[0].responseStatus');
    expect([await firefox.url(), status]).toEqual([address.href, 421]);
    await firefox.go(link);
    await clickThrough("Tomas Okafor");
    await firefox.at(done);
    expect((await program.end()).code).toBe(0);
    expect(simulator.cloud.userOf(stored(home)["token"] ?? "")?.lastName).toBe("Okafor");
  });
});
