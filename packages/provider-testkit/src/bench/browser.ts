import { type ClientRequest, get } from "node:http";
import type { LoginExample, Servers, Visit } from "../definition.js";
import type { Child } from "./child.js";

/** The browser of one login, and the person who uses it. */
export interface Browser {
  /** The parameters that the provider says count. */
  readonly parameters: readonly string[];
  /** Signs in, as the example says. @returns The address that the browser would go back to. */
  callback(): Promise<string>;
  /** Goes to an address of the receiver. @returns The status; 303 when it was taken. */
  deliver(address: string): Promise<number>;
  /** Pastes a text into the terminal. @returns Why it was refused; null when it was taken. */
  paste(text: string): Promise<string | null>;
}

/** What happens once the link is shown. */
export type BrowserScript = (browser: Browser) => Promise<void>;

/** The statuses of a callback that was taken, of one that was not, and of an address that is none. */
export const [TAKEN, REFUSED, NOT_FOUND] = [303, 400, 404] as const;

/** A person who signs in and is sent back. */
export const signIn: BrowserScript = async (browser) => {
  const status = await browser.deliver(await browser.callback());
  if (status === TAKEN) return;
  // A receiver with an address that is registered looks at nothing without its own state.
  const state = status === NOT_FOUND ? " With a redirectUri its state has to be Receiver.state." : "";
  throw new Error(`The callback was not taken: the browser got ${status}.${state}`);
};

export interface BrowserOptions {
  readonly link: string;
  readonly redirectUri: string;
  readonly parameters: readonly string[];
  readonly servers: Servers;
  readonly example: LoginExample;
  readonly child: Child;
}

const MOST_REDIRECTS = 10;

/** How long the receiver may take to answer, in milliseconds. */
const PATIENCE_MS = 5_000;

/** Makes the browser for a link that was shown. */
export function openBrowser(options: BrowserOptions): Browser {
  const { link, redirectUri, parameters, servers, example, child } = options;
  const visit: Visit = async (address, init) => {
    const url = new URL(address);
    const handler = servers[url.origin];
    if (handler === undefined) throw new Error(`The example has no server for ${url.origin}.`);
    return await handler(new Request(url, { redirect: "manual", ...init }));
  };
  return {
    parameters,
    async callback() {
      if (example.browser) return String(await example.browser(new URL(link), visit));
      return await follow(link, redirectUri, visit);
    },
    deliver,
    paste: (text) => child.paste(text),
  };
}

/** Goes to an address by itself: `fetch` would say that it is no person who navigates. */
async function deliver(address: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    const headers = { Accept: "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" };
    get(address, { headers, timeout: PATIENCE_MS }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once("timeout", function (this: ClientRequest) {
        this.destroy(new Error("The receiver did not answer."));
      })
      .once("error", reject);
  });
}

/** Follows redirects until one leads back to the receiver. */
async function follow(link: string, redirectUri: string, visit: Visit): Promise<string> {
  let address = link;
  for (let count = 0; count < MOST_REDIRECTS; count += 1) {
    const response = await visit(address);
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null) {
      throw new Error(
        `The browser got a page (${response.status}) and not a redirect from ${new URL(address).origin}. ` +
          "What a person does there has to be in login.browser.",
      );
    }
    address = new URL(location, address).href;
    if (address.startsWith(redirectUri)) return location;
  }
  throw new Error("The browser was redirected ten times and did not come back.");
}

/** A copy of a callback's address with other parameters. What is not touched stays as it is spelled. */
export function withQuery(address: string, change: (pairs: readonly string[]) => readonly string[]): string {
  const [path = "", query = ""] = address.split(/\?(.*)/s);
  const pairs = change(query === "" ? [] : query.split("&"));
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}

/** The name in a pair of a query. */
export function nameOf(pair: string): string {
  const [name = ""] = pair.split("=", 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Parameters of a callback that are no secrets: RFC 6749 section 4.1.2.1, and RFC 9207. */
const PUBLIC = ["error", "error_description", "error_uri", "iss"];

/** The values that a callback brings and that are secrets, as they are spelled. */
export function secretValues(address: string, parameters: readonly string[]): string[] {
  const pairs = (address.split(/\?(.*)/s)[1] ?? "").split("&");
  return pairs
    .filter((pair) => parameters.includes(nameOf(pair)) && !PUBLIC.includes(nameOf(pair)))
    .map((pair) => pair.split(/=(.*)/s)[1] ?? "");
}
