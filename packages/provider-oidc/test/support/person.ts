import { get } from "node:http";

const MOST_PAGES = 20;

/** What somebody does who signs in. */
export interface Choice {
  readonly user?: string;
  /** Whether to agree; without it the person turns the sign-in down. Default: yes. */
  readonly agree?: boolean;
  /** Whether to stop where the server sends the browser back, which is what is returned then. Default: no. */
  readonly stay?: boolean;
}

/**
 * Somebody at the pages of a server: fills in every form and follows every redirect, until a page has no form, or a
 * redirect leaves the server, which is followed as well.
 *
 * @returns The last page, or the address that the person stayed away from.
 */
export async function signInAt(
  link: URL,
  { user = "ada", agree = true, stay = false }: Choice = {},
): Promise<string> {
  const cookies = new Map<string, string>();
  let request: { url: URL; form?: URLSearchParams } = { url: link };
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const { url, form } = request;
    const answer = await fetch(url, {
      redirect: "manual",
      headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      ...(form === undefined ? {} : { method: "POST", body: form }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get("location");
    const page = await answer.text();
    if (location === null) {
      const next = formOn(page, url, user, agree);
      if (next === undefined) return page;
      request = next;
      continue;
    }
    const next = new URL(location, url);
    if (next.origin !== link.origin) return stay ? next.href : goTo(next);
    request = { url: next };
  }
  throw new Error(`still at a form after ${MOST_PAGES} pages`);
}

/** Opens an address as a browser does that follows a redirect: `fetch` says that it is a script, which is turned away. */
function goTo(address: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    get(address, async (response) => {
      let page = "";
      for await (const chunk of response) page += String(chunk);
      resolve(page);
    }).on("error", reject);
  });
}

function formOn(
  page: string,
  base: URL,
  user: string,
  agree: boolean,
): { url: URL; form?: URLSearchParams } | undefined {
  if (!agree) {
    const [, abort] = /href="([^"]*\/abort)"/.exec(page) ?? [];
    if (abort !== undefined) return { url: new URL(abort, base) };
  }
  const [, action] = /<form[^>]* action="([^"]*)"/.exec(page) ?? [];
  if (action === undefined) return undefined;
  const form = new URLSearchParams();
  for (const [input] of page.matchAll(/<input[^>]*>/g)) {
    const [, name] = / name="([^"]*)"/.exec(input) ?? [];
    const [, value] = / value="([^"]*)"/.exec(input) ?? [];
    if (name !== undefined) form.set(name, name === "login" ? user : (value ?? "made-up"));
  }
  return { url: new URL(action, base), form };
}
