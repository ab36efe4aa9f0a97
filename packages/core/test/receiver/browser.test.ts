import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { acceptToken, isListening, open, TOKEN, type Watched } from "./support.js";

const CHROMIUM = "/usr/bin/chromium";
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Another origin on this machine: `/` is the page that was set, `/go` redirects as a provider does. */
interface Site {
  readonly origin: string;
  page: string;
  redirect: string;
  close(): void;
}

async function startSite(): Promise<Site> {
  const server = createServer((request, response) => {
    if (request.url === "/go") response.writeHead(302, { Location: site.redirect }).end();
    else response.writeHead(200, { "Content-Type": "text/html" }).end(site.page);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const site: Site = {
    origin: `http://127.0.0.1:${port}`,
    page: "<title>provider</title><a href=/go>sign in</a>",
    redirect: "",
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return site;
}

describe.skipIf(!existsSync(CHROMIUM))(`in Chromium (skipped where ${CHROMIUM} is missing)`, () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let site: Site;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    site = await startSite();
  });
  afterEach(async () => {
    site.close();
    await context.close();
  });

  /** Signs in at the site, which sends the browser back with this query. */
  async function comeBack({ receiver }: Watched, query: string): Promise<void> {
    site.redirect = `${receiver.redirectUri}?${query}`;
    await page.goto(site.origin);
    await page.click("a");
    await page.waitForURL("**/done");
  }

  test("T21: a provider's redirect ends at a clean address and the text leads back to the terminal", async () => {
    const watched = await open();
    const requests: string[] = [];
    const problems: string[] = [];
    page.on("request", (request) => requests.push(new URL(request.url()).pathname));
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    await comeBack(watched, `token=${TOKEN}&session_cookie=abcdef`);

    expect(page.url()).toBe(`http://localhost:${watched.receiver.port}/done`);
    expect(await watched.receiver.outcome).toBe(TOKEN);
    const text = await page.textContent("main");
    expect(text).toContain("Login received");
    expect(text).toContain("return to your terminal");
    expect(text).toContain("Do not copy or share the address of this page.");
    expect(requests).toEqual(["/", "/go", watched.path, "/done"]);
    expect(problems).toEqual([]);
  });

  test("T21: typed into the address bar it ends there too", async () => {
    const { receiver } = await open();
    await page.goto(`${receiver.redirectUri}?token=${TOKEN}`);
    expect(page.url()).toBe(`http://localhost:${receiver.port}/done`);
    expect(await receiver.outcome).toBe(TOKEN);
  });

  test("no entry of the tab's history has the token; back and reload are harmless", async () => {
    const watched = await open();
    await comeBack(watched, `token=${TOKEN}`);
    const session = await context.newCDPSession(page);
    const { entries } = await session.send("Page.getNavigationHistory");
    expect(entries.map(({ url }) => url)).toEqual([
      "about:blank",
      `${site.origin}/`,
      `http://localhost:${watched.receiver.port}/done`,
    ]);
    await watched.receiver.close();
    await page.goBack();
    expect(page.url()).toBe(`${site.origin}/`);
    // Nobody answers any more: the browser shows a page of its own.
    await page.goForward().catch(() => {});
    await page.reload().catch(() => {});
    expect(await watched.receiver.outcome).toBe(TOKEN);
    expect(watched.notices).toEqual([]);
    expect(await isListening(watched.receiver.port)).toBe(false);
  });

  test("the page is styled, in light and dark, and fits a narrow window", async () => {
    const watched = await open();
    await page.setViewportSize({ width: 320, height: 480 });
    await comeBack(watched, `token=${TOKEN}`);
    const look = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    await page.emulateMedia({ colorScheme: "light" });
    const light = await look();
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await look()).not.toBe(light);
    const radius = await page.evaluate<string>(
      "getComputedStyle(document.querySelector('main')).borderRadius",
    );
    const overflow = await page.evaluate<boolean>("document.documentElement.scrollWidth > innerWidth");
    const language = await page.evaluate<string>("document.documentElement.lang");
    expect([radius, overflow, language]).toEqual(["12px", false, "en"]);
  });

  test("T30: a refusal by the provider shows the other page, without a word of the provider's", async () => {
    const watched = await open();
    await comeBack(watched, "error=access_denied&error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E");
    expect(await page.textContent("main")).toContain("The sign-in was not completed.");
    expect(await page.content()).not.toContain("alert");
    await expect(watched.receiver.outcome).rejects.toMatchObject({ code: "denied" });
  });

  test("T22: a wrong address shows the page for that, and the login waits", async () => {
    const { receiver } = await open();
    const response = await page.goto(`http://localhost:${receiver.port}/cb/layer5/x?token=${TOKEN}`);
    expect(response?.status()).toBe(404);
    expect(await page.textContent("main")).toContain("This address is not in use.");
    await page.goto(`${receiver.redirectUri}?token=${TOKEN}`);
    expect(await receiver.outcome).toBe(TOKEN);
  });

  test("A30: an upgrade to https is noticed, and the address from the address bar can be pasted", async () => {
    const { receiver, notices } = await open();
    const address = `${receiver.redirectUri.replace("http:", "https:")}?token=${TOKEN}`;
    await expect(page.goto(address)).rejects.toThrow("ERR_");
    expect(notices.map(({ kind }) => kind)).toEqual(["tls"]);
    expect(receiver.paste(address)).toEqual({ kind: "accept", value: TOKEN });
  });

  test("A01 A02: a hostile page gets nowhere, even with the right address", async () => {
    let decisions = 0;
    const watched = await open({
      accept: (parameters) => {
        decisions += 1;
        return acceptToken(parameters);
      },
    });
    const { receiver, secrets } = watched;
    const to = (name: string) => `${receiver.redirectUri}?token=hostile-${name}`;
    site.page = `<!doctype html><title>hostile</title>
      <link rel=prefetch href="${to("prefetch")}">
      <link rel=stylesheet href="${to("style")}">
      <script type=speculationrules>{"prerender": [{"urls": ["${to("prerender")}"]}]}</script>
      <img src="${to("image")}"><iframe src="${to("iframe")}"></iframe>
      <object data="${to("object")}"></object><script src="${to("script")}"></script>
      <form method=post action="${to("form")}"><input name=token value=hostile><button>win</button></form>`;
    await page.goto(site.origin);
    const readable = await page.evaluate(
      async (urls) => {
        const attempts = urls.flatMap((url) => [
          fetch(`${url}-cors`),
          fetch(`${url}-credentials`, { credentials: "include" }),
          fetch(`${url}-opaque`, { mode: "no-cors" }),
          fetch(`${url}-put`, { method: "PUT" }),
          fetch(`${url}-post`, { method: "POST", mode: "no-cors", body: "token=hostile" }),
        ]);
        const results = await Promise.allSettled(attempts);
        const texts = results.map((r) => (r.status === "fulfilled" ? r.value.text() : ""));
        return (await Promise.all(texts)).join("");
      },
      [to("fetch"), `http://localhost:${receiver.port}/?token=hostile`],
    );
    expect(readable).toBe("");
    const posted = page.waitForResponse((response) => response.url().endsWith("hostile-form"));
    await page.click("button");
    expect((await posted).status()).toBe(405);

    // They did come: what is tested is the receiver's refusal, not some limit of the browser.
    const names = [
      "style",
      "image",
      "iframe",
      "object",
      "script",
      "form",
      "fetch-cors",
      "fetch-opaque",
      "fetch-post",
    ];
    await expect.poll(() => secrets).toEqual(expect.arrayContaining(names.map((name) => `hostile-${name}`)));
    expect(decisions).toBe(0);
    expect(watched.notices).toEqual([]);

    site.page = "<a href=/go>sign in</a>";
    page = await context.newPage();
    await comeBack(watched, `token=${TOKEN}`);
    expect(await receiver.outcome).toBe(TOKEN);
  });
});
