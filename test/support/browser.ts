import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const EXECUTABLE = "/usr/bin/chromium";

/** A name that leads the browsers of the tests to this machine, as a hostile name server could make any. */
export const REBOUND = "rebound.test";

/** Why there is no browser to test with; undefined when there is one. */
export const NO_BROWSER: string | undefined = existsSync(EXECUTABLE)
  ? undefined
  : `skipped: there is no ${EXECUTABLE}`;

/** Starts Chromium without a window. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE,
    timeout: 30_000,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`,
    ],
  });
}

/** A page of a fresh profile, with what went through it. */
export interface Tab {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Every address that was asked for, in order. */
  readonly requests: string[];
  /** Messages of the console and script errors. */
  readonly problems: string[];
}

export async function openTab(browser: Browser): Promise<Tab> {
  const context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const requests: string[] = [];
  const problems: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(error.message));
  return { page, context, requests, problems };
}

/** Signs in at the simulated cloud as a person does: chooses the account, then decides. */
export async function clickThrough(
  page: Page,
  { user, decision = "Allow" }: { readonly user?: string; readonly decision?: "Allow" | "Deny" } = {},
): Promise<void> {
  if (user !== undefined) await page.getByLabel(user).check();
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: decision }).click();
}
