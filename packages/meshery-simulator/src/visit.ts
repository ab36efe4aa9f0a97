import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { text } from "node:stream/consumers";

/** How a person behaves at the login. */
export interface VisitOptions {
  /** Id of the account to sign in to. Default: the first on the page. */
  readonly user?: string;
  /** Default `allow`. */
  readonly decision?: "allow" | "deny";
  /** Stop before the callback address is opened. */
  readonly stay?: boolean;
}

/** Where a browser ended up. */
export interface Visit {
  /** The address that the login redirected to: it holds the token. Absent: the login never redirected. */
  readonly callback?: string;
  /** The status of the last page. */
  readonly status: number;
  /** The last page. */
  readonly page: string;
}

const MAX_STEPS = 12;

/**
 * Plays a person with a browser, over HTTP: opens a link, signs in at the cloud's page, decides, and follows
 * the redirect to the callback address. Cookies are kept for the visit.
 *
 * @param link - A login address of a simulated cloud, or of a Meshery Server that leads to one.
 */
export async function visitLogin(link: string | URL, options: VisitOptions = {}): Promise<Visit> {
  const cookies = new Map<string, Map<string, string>>();
  let address = new URL(link);
  let form: URLSearchParams | undefined;
  let callback: string | undefined;

  for (let step = 0; step < MAX_STEPS; step += 1) {
    const posted = form !== undefined && address.pathname === "/consent";
    const { status, location, text: page } = await request(address, form, cookies);
    form = undefined;
    if (location !== undefined) {
      address = new URL(location, address);
      if (posted) callback = address.href;
      if (posted && options.stay === true) return { callback: address.href, status, page };
      continue;
    }
    const found = callback === undefined ? nextForm(page, options) : undefined;
    if (!found) return { ...(callback === undefined ? {} : { callback }), status, page };
    address = new URL(found.action, address);
    form = found.fields;
  }
  throw new Error(`The visit did not end within ${MAX_STEPS} steps.`);
}

function nextForm(
  page: string,
  options: VisitOptions,
): { readonly action: string; readonly fields: URLSearchParams } | undefined {
  const action = /<form method="post" action="(\/login|\/consent)">/.exec(page)?.[1];
  if (action === undefined) return undefined;
  const query = unescapeHtml(/name="query" value="([^"]*)"/.exec(page)?.[1] ?? "");
  const fields = new URLSearchParams({ query });
  if (action === "/consent") fields.set("decision", options.decision ?? "allow");
  else fields.set("user", options.user ?? unescapeHtml(/name="user" value="([^"]*)"/.exec(page)?.[1] ?? ""));
  return { action, fields };
}

interface Page {
  readonly status: number;
  readonly location: string | undefined;
  readonly text: string;
}

/** Requests a page as a browser does that was told to go there. `fetch` would say that a script asked. */
async function request(
  address: URL,
  form: URLSearchParams | undefined,
  jar: Map<string, Map<string, string>>,
): Promise<Page> {
  const cookies = jar.get(address.host) ?? new Map<string, string>();
  jar.set(address.host, cookies);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options: RequestOptions = {
      method: form === undefined ? "GET" : "POST",
      agent: false,
      headers: {
        accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
        "sec-fetch-site": "cross-site",
        ...(cookies.size === 0 ? {} : { cookie: [...cookies].map((pair) => pair.join("=")).join("; ") }),
        ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      },
    };
    httpRequest(address, options, resolve).once("error", reject).end(form?.toString());
  });
  for (const line of response.headers["set-cookie"] ?? []) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === "") cookies.delete(name);
    else cookies.set(name, value);
  }
  return {
    status: response.statusCode ?? 0,
    location: response.headers.location,
    text: await text(response),
  };
}

const unescapeHtml = (value: string): string =>
  value
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
