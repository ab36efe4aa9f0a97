import { type Visit, type VisitOptions, visitLogin } from "@meshauth/meshery-simulator";
import { type Home, type Outcome, type Running, type RunOptions, startMeshauth } from "./program.js";

/** The line with the link that a person would open. */
export const LINK = /^(http:\/\/127\.0\.0\.1:\d+\/\S*source=\S+)$/m;

export interface BrowserLogin extends Outcome {
  readonly link: string;
  readonly visit: Visit;
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
  const visit = await visitLogin(link, { ...person, ...(beforeCallback ? { stay: true } : {}) });
  if (beforeCallback && visit.callback !== undefined) {
    await beforeCallback(visit.callback);
    await openCallback(visit.callback);
  }
  return { ...(await outcome), link, visit };
}

/** Opens a callback address as a browser would. @returns the status of the last page. */
export async function openCallback(address: string): Promise<number> {
  const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
  await response.text();
  return response.status;
}
