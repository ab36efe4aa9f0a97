import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished } from "vitest";
import { until } from "./wait.js";

/** What the hostile page knows. More than one that guesses could ever know, with a port and an address that are right. */
export interface Knowledge {
  /** Where the login waits, with its secret path. */
  readonly callback: URL;
  /** A good token, of another person. */
  readonly token: string;
  /** What it appends to an address, instead of the token: queries. */
  readonly queries?: readonly string[];
}

/** What the page tells of itself, in `window.report`. */
export interface Report {
  /** The ports that its scan found open. */
  readonly open: readonly number[];
  /** How often it was through with all that it tries. */
  readonly rounds: number;
  /** How much it tried so far. */
  readonly attempts: number;
  /** What went wrong in the page itself. */
  readonly problem?: string;
}

/** A page of another site. */
export interface HostilePage {
  readonly url: string;
  /** Its own port, which it finds when it scans. */
  readonly port: number;
  /**
   * What it tried at its own site, by another name, in the same way as at the login: the methods, with what the browser
   * said that they are for.
   */
  readonly tried: ReadonlySet<string>;
}

/** Nothing listens there, and browsers may ask. */
const CLOSED = 2;

/** How often it goes on trying, so that one that is left alone comes to an end. */
const MOST_ROUNDS = 500;

/** Serves a page that scans ports and tries to hand a login a token, in all ways that need nobody's click. */
export async function hostilePage({ callback, token, queries }: Knowledge): Promise<HostilePage> {
  const tried = new Set<string>();
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    request.resume();
    if (url !== "/") {
      const { "sec-purpose": purpose, "sec-fetch-dest": destination } = headers;
      tried.add(`${method} ${purpose ?? destination}`);
    }
    response.writeHead(200, { "content-type": "text/html" }).end(url === "/" ? page : "");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const [query = "", ...more] = queries ?? [`?token=${encodeURIComponent(token)}`];
  const paths = ["/", "/callback", "/cb/layer5/x", callback.pathname];
  const targets = [
    `http://localhost:${port}/x${query}`,
    ...paths.map((path) => `${callback.origin}${path}${query}`),
    ...more.map((other) => `${callback.origin}${callback.pathname}${other}`),
  ];
  const words = JSON.stringify({ targets, ports: [CLOSED, port, Number(callback.port)], most: MOST_ROUNDS });
  const page = `<!doctype html><title>hostile</title><body><script>(${SCRIPT})(${words});</script>`;
  return { url: `http://127.0.0.1:${port}/`, port, tried };
}

/** What it tries at every address: these methods, for these purposes as a browser tells them. */
const TRIES: readonly string[] = [
  "GET empty",
  "GET iframe",
  "GET image",
  "GET prefetch",
  "GET script",
  "POST empty",
  "POST iframe",
];

/** Waits until the page's report says so. @param report - Gets it from the browser. */
export function reported(report: () => Promise<Report>, what: (report: Report) => boolean): Promise<void> {
  return until(
    async () => what(await report()),
    20_000,
    () => "The page does not go on.",
  );
}

/** The page has tried everything, and of all ports that it scanned only its own one looks open to it. */
export async function expectInVain(hostile: HostilePage, report: () => Promise<Report>): Promise<void> {
  await reported(report, ({ rounds }) => rounds > 0);
  expect(await report()).toEqual({
    open: [hostile.port],
    rounds: expect.any(Number),
    attempts: expect.any(Number),
  });
  expect([...hostile.tried].sort()).toEqual(TRIES);
}

// As text: it runs in the page.
const SCRIPT = `async function ({ targets, ports, most }) {
  const report = window.report = { open: [], rounds: 0, attempts: 0 };
  const answers = (url, options) => fetch(url, { mode: "no-cors", ...options }).then(() => true, () => false);
  const loaded = (name, fill, more) => new Promise((resolve) => {
    const element = Object.assign(document.createElement(name), more);
    element.onload = element.onerror = () => resolve(element);
    fill(element);
    document.body.append(element);
  }).then((element) => element.remove());
  const post = (action) => new Promise((resolve) => {
    const name = "f" + Math.random().toString(36).slice(2);
    const frame = Object.assign(document.createElement("iframe"), { name });
    const form = Object.assign(document.createElement("form"), { method: "post", action, target: name });
    document.body.append(frame, form);
    frame.onload = () => {
      // The empty page that a frame begins with can be looked at, the answer cannot.
      try { if (frame.contentWindow.location.href === "about:blank") return; } catch { /* It is the answer. */ }
      resolve();
      frame.remove();
      form.remove();
    };
    form.submit();
  });
  const tries = [
    (url) => answers(url),
    (url) => answers(url, { credentials: "include", referrerPolicy: "no-referrer" }),
    (url) => answers(url, { method: "POST", body: "token=x" }),
    (url) => loaded("img", (image) => { image.src = url; }),
    (url) => loaded("iframe", (frame) => { frame.src = url; }),
    (url) => loaded("script", (script) => { script.src = url; }),
    (url) => loaded("link", (link) => { link.rel = "prefetch"; link.href = url + "&prefetch"; }),
    post,
  ];
  try {
    for (const port of ports) if (await answers("http://localhost:" + port + "/")) report.open.push(port);
    while (report.rounds < most) {
      for (const url of targets) for (const attempt of tries) {
        await attempt(url);
        report.attempts += 1;
      }
      report.rounds += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } catch (error) {
    report.problem = String(error);
  }
}`;
