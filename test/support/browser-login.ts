import { get } from "node:http";
import { type Visit, type VisitOptions, visitLogin } from "@meshauth/meshery-simulator";
import { type Home, type Outcome, type Running, type RunOptions, startMeshauth } from "./program.js";

/** The line with the link that a person would open. */
export const LINK = /^(http:\/\/127\.0\.0\.1:\d+\/\S*source=\S+)$/m;

export interface BrowserLogin extends Outcome {
  readonly link: string;
  /** What the browser saw; `error` where it could not load a page. */
  readonly visit: Partial<Visit> & { readonly error?: unknown };
}

export interface BrowserLoginOptions extends RunOptions {
  readonly person?: VisitOptions;
  /** Called when the person is back from the provider and about to open the callback address. */
  readonly beforeCallback?: (callback: string) => void | Promise<void>;
}

/** Starts `login layer5 --no-browser` and waits for its link. */
export async function startBrowserLogin(
  home: Home,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Running & { readonly link: string }> {
  const running = startMeshauth(home, ["login", "layer5", "--no-browser", ...args], options);
  const [, link = ""] = await running.seen(LINK);
  return { ...running, link };
}

/** A whole browser login: starts the program, plays the person, waits for the end. */
export async function browserLogin(
  home: Home,
  args: readonly string[],
  options: BrowserLoginOptions = {},
): Promise<BrowserLogin> {
  const { person, beforeCallback, ...run } = options;
  const { link, outcome } = await startBrowserLogin(home, args, run);
  let visit: BrowserLogin["visit"];
  try {
    visit = await visitLogin(link, { ...person, ...(beforeCallback ? { stay: true } : {}) });
    if (beforeCallback && visit.callback !== undefined) {
      await beforeCallback(visit.callback);
      await openCallback(visit.callback);
    }
  } catch (error) {
    visit = { error };
  }
  return { ...(await outcome), link, visit };
}

/**
 * Opens an address as a browser does that was told to go there, and follows its redirects. `fetch` would say
 * that a script asked.
 *
 * @returns the status of the last page.
 */
export async function openCallback(address: string): Promise<number> {
  const { status, location } = await navigate(address);
  return location === undefined ? status : await openCallback(new URL(location, address).href);
}

function navigate(address: string): Promise<{ readonly status: number; readonly location?: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
      "sec-fetch-site": "cross-site",
    };
    get(address, { agent: false, headers, timeout: 10_000 }, (response) => {
      const { location } = response.headers;
      response.resume().once("end", () => {
        resolve({ status: response.statusCode ?? 0, ...(location === undefined ? {} : { location }) });
      });
    })
      .once("timeout", () => reject(new Error(`No answer from ${new URL(address).origin}.`)))
      .once("error", reject);
  });
}
