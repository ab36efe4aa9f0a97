/** A complete HTTP answer. */
export interface Answer {
  readonly status: number;
  /** Name and value; a name may come more than once (`Set-Cookie`). */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** What a listener does instead of answering. Each one ends when the client leaves or the listener closes. */
export type Misbehaviour =
  /** Takes the request and stays silent. */
  | { readonly kind: "hang" }
  /** Closes the connection without a byte. */
  | { readonly kind: "close" }
  /** Promises more than it sends, then closes. */
  | { readonly kind: "truncate" }
  /** Sends JSON that never ends; stops by itself after 64 MiB. */
  | { readonly kind: "flood" }
  /** Sends one byte a second; stops by itself after ten minutes. */
  | { readonly kind: "drip" };

export type Outcome = Answer | Misbehaviour;

export function isAnswer(outcome: Outcome): outcome is Answer {
  return "status" in outcome;
}

export function text(status: number, body: string): Answer {
  return { status, headers: [["Content-Type", "text/plain; charset=utf-8"]], body };
}

/** HTML that no other page may frame, keep or learn the address of. */
export function html(status: number, body: string): Answer {
  return {
    status,
    headers: [
      ["Content-Type", "text/html; charset=utf-8"],
      ["Cache-Control", "no-store"],
      ["Referrer-Policy", "no-referrer"],
      ["X-Frame-Options", "DENY"],
    ],
    body,
  };
}

/** JSON as Go's encoder writes it: no spaces, `<`, `>` and `&` escaped, a newline at the end. */
export function json(status: number, value: unknown, contentType = "application/json"): Answer {
  return { status, headers: [["Content-Type", contentType]], body: `${goJson(value)}\n` };
}

/** A value in the spelling of Go's `encoding/json`. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** No body and no content type. */
export function empty(status: number): Answer {
  return { status, headers: [], body: "" };
}

export function redirect(location: string, status: 302 | 303 = 302): Answer {
  return { status, headers: [["Location", location]], body: "" };
}

/** The same answer with further headers. */
export function withHeaders(answer: Answer, headers: Answer["headers"]): Answer {
  return { ...answer, headers: [...answer.headers, ...headers] };
}
