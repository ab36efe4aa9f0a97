import { createHash } from "node:crypto";
import { type ServerResponse, STATUS_CODES } from "node:http";
import { type Page, renderPage, STYLE } from "./pages.js";

/** One answer of the receiver: always one of a few, never made of anything that a client sent. */
export interface Answer {
  readonly status: number;
  /** Default: an empty body. */
  readonly page?: Page;
  /** Only for a 303. */
  readonly location?: string;
  /** Only for a 405: the methods that are served (RFC 9110 section 15.5.6). */
  readonly allow?: string;
}

/** Where the result page is: an address without a secret, for the address bar and the history. */
export const RESULT_PATH = "/done";

/** Sends answers, each with all the protective headers. */
export class Answers {
  readonly #headers: Readonly<Record<string, string>>;

  constructor() {
    const hash = createHash("sha256").update(STYLE).digest("base64");
    this.#headers = {
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "DENY",
      "Content-Security-Policy":
        `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; ` +
        "form-action 'none'; frame-ancestors 'none'",
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin",
      Connection: "close",
    };
  }

  send(response: ServerResponse, { status, page, location, allow }: Answer): void {
    const body = page === undefined ? "" : renderPage(page);
    response.writeHead(status, {
      ...this.#headers,
      ...(page === undefined ? {} : { "Content-Type": "text/html; charset=utf-8" }),
      ...(status === 204 ? {} : { "Content-Length": Buffer.byteLength(body) }),
      ...(location === undefined ? {} : { Location: location }),
      ...(allow === undefined ? {} : { Allow: allow }),
    });
    response.end(body);
  }

  /** The same for a client whose request could not be read, so that there is no response to use. */
  raw(status: number): string {
    const lines = Object.entries(this.#headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}Content-Length: 0\r\n\r\n`;
  }
}
