import { readFileSync } from "node:fs";
import { createSigningKey, visitLogin } from "@meshauth/meshery-simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Firefox, NO_FIREFOX } from "../support/firefox.js";
import { callbackOf, expectWithout, freed, LINK, snapshot } from "../support/login.js";
import type { Home } from "../support/program.js";
import { type Running, start } from "../support/running.js";
import { simulatedHome } from "../support/simulated.js";

const signingKey = await createSigningKey();
const stored = ({ authJson }: Home): Record<string, string> => JSON.parse(readFileSync(authJson, "utf8"));

/** Starts a login that opens no browser. */
async function waiting(home: Home): Promise<{ program: Running; link: string; done: string }> {
  const program = start(home, ["login", "layer5", "--no-browser"]);
  const [, link = ""] = await program.see(LINK);
  return { program, link, done: `${callbackOf(link).origin}/done` };
}

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
    const { home, simulator } = await simulatedHome({ signingKey });
    simulator.faults.set("profile-slow");
    const { program, link, done } = await waiting(home);
    await firefox.go(link);
    await clickThrough("Mira Solberg");
    await firefox.at(done);
    for (const command of ["Refresh", "Back", "Forward"]) {
      await firefox.send(`WebDriver:${command}`).catch(() => undefined);
      expect(await firefox.url()).not.toContain("token=");
    }
    program.kill("SIGINT");
    expect((await program.end()).code).toBe(130);
    expect(program.stderr).not.toContain("second, different answer");
  });

  test("the same callback in two tabs at once signs in once", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const { program, link, done } = await waiting(home);
    const { callback = "" } = await visitLogin(link, { stay: true });
    // A page that is opened from a script is not waited for.
    const tabs = [await firefox.newTab(), await firefox.newTab()];
    for (const tab of tabs) {
      await firefox.switchTo(tab);
      await firefox.run(`location.href = ${JSON.stringify(callback)}`);
    }
    const { code, stderr } = await program.end();
    expect([code, stderr]).toEqual([0, expect.stringContaining("Mira Solberg")]);
    expect(simulator.cloud.isActive(stored(home)["token"] ?? "")).toBe(true);
    await firefox.switchTo(tabs[0] ?? "");
    await firefox.at(done);
  });

  test("A01, A02, T27: a page in another tab that scans, embeds and prefetches consumes nothing", async () => {
    const { home, simulator } = await simulatedHome({ signingKey });
    const { program, link, done } = await waiting(home);
    const address = callbackOf(link);
    const stranger = simulator.cloud.issueToken({ user: "yuki.brandt@example.net" });
    const guesses = ["/", "/callback?token=x", "/cb/layer5/x?token=x"].map(
      (path) => `${address.origin}${path}`,
    );
    // Even a page that knows the address cannot bring a token without the person seeing it.
    const urls = [...guesses, `${address}?token=${encodeURIComponent(stranger)}`];
    await firefox.go(new URL("/", link).href);
    const sent = await firefox.run(
      `const [end] = arguments;
      (async () => {
        const urls = ${JSON.stringify(urls)};
        for (const url of urls) {
          await fetch(url, { mode: "no-cors" }).catch(() => undefined);
          const image = new Image();
          await new Promise((resolve) => { image.onload = image.onerror = resolve; image.src = url; });
          const frame = document.createElement("iframe");
          frame.src = url;
          const hint = Object.assign(document.createElement("link"), { rel: "prefetch", href: url });
          document.head.append(hint);
          document.body.append(frame);
        }
        setTimeout(() => end(urls.length), 500);
      })().catch((error) => end(String(error)));`,
      { later: true },
    );
    expect(sent).toBe(urls.length);
    await firefox.newTab();
    await firefox.go(link);
    await clickThrough("Tomas Okafor");
    await firefox.at(done);
    expect((await program.end()).code).toBe(0);
    expect(simulator.cloud.userOf(stored(home)["token"] ?? "")?.lastName).toBe("Okafor");
  });
});
