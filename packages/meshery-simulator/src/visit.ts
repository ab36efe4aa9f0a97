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
    const response = await request(address, form, cookies);
    const page = await response.text();
    const location = response.headers.get("location");
    form = undefined;
    if (location !== null) {
      address = new URL(location, address);
      if (posted) callback = address.href;
      if (posted && options.stay === true) return { callback: address.href, status: response.status, page };
      continue;
    }
    const found = callback === undefined ? nextForm(page, options) : undefined;
    if (!found) return { ...(callback === undefined ? {} : { callback }), status: response.status, page };
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

async function request(
  address: URL,
  form: URLSearchParams | undefined,
  jar: Map<string, Map<string, string>>,
): Promise<Response> {
  const cookies = jar.get(address.host) ?? new Map<string, string>();
  jar.set(address.host, cookies);
  const response = await fetch(address, {
    ...(form === undefined ? {} : { method: "POST", body: form }),
    redirect: "manual",
    headers: {
      Accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
      "Sec-Fetch-Mode": "navigate",
      "Sec-Fetch-Dest": "document",
      "Sec-Fetch-Site": "cross-site",
      Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
    },
  });
  for (const line of response.headers.getSetCookie()) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === "") cookies.delete(name);
    else cookies.set(name, value);
  }
  return response;
}

const unescapeHtml = (value: string): string =>
  value
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
