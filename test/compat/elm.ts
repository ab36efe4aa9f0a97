import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { atEnd } from "../support/cleanup.js";

/** One request, as Elm saw it. */
export interface Seen {
  readonly path: string;
  /** The form of a POST, the query of a GET. */
  readonly form: Readonly<Record<string, string>>;
}

/** Elm, and a Meshery Server that knows it, in one server on loopback. */
export interface Elm {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** What Elm issued and has not ended. */
  readonly tokens: ReadonlySet<string>;
  /** Answers the next request to this path instead. */
  next(path: string, status: number, body: unknown, headers?: Readonly<Record<string, string>>): void;
}

type Answer = readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>];

/** An API key that the Meshery Server takes. */
export const KEY = "elm-key-0123456789";

/** Starts Elm; it ends with the tests of the file. */
export async function startElm(): Promise<Elm> {
  const seen: Seen[] = [];
  const tokens = new Set([KEY]);
  const instead = new Map<string, Answer>();
  let issued = 0;
  let polled = 0;
  let url = "";

  function issue(what: string): string {
    issued += 1;
    const token = `elm-${what}-made-up-${issued}`;
    tokens.add(token);
    return token;
  }

  function answer(path: string, form: Seen["form"], request: IncomingMessage): Answer {
    switch (path) {
      case "/authorize": {
        const back = new URL(form["redirect_uri"] ?? "");
        back.search = new URLSearchParams({ code: "elm-code-1", state: form["state"] ?? "" }).toString();
        return [302, "", { location: back.href }];
      }
      case "/device":
        return [
          200,
          {
            device_code: issue("device"),
            user_code: "ELM-1234",
            verification_uri: `${url}/activate`,
            interval: 0.05,
            expires_in: 60,
          },
        ];
      case "/token":
        return grant(form);
      case "/revoke":
        return [tokens.delete(form["token"] ?? "") ? 200 : 400, {}];
      case "/saved":
        return [200, {}];
      case "/me": {
        const given = request.headers.authorization?.replace("Bearer ", "") ?? "";
        return tokens.has(given) ? [200, { id: "u-7", name: "Ada", email: "ada@elm.example" }] : [401, {}];
      }
      case "/api/providers":
        return [
          200,
          { "Elm Cloud": { provider_name: "Elm Cloud", provider_type: "remote", provider_url: url } },
        ];
      case "/api/token":
        return holds(request)
          ? [200, { "meshery-provider": "Elm Key", token: KEY, note: "kept" }]
          : [401, {}];
      case "/api/user":
        return holds(request) ? [200, { id: "u-7", first_name: "Ada" }] : [401, {}];
      default:
        return [404, {}];
    }
  }

  function grant(form: Seen["form"]): Answer {
    if (form["device_code"] !== undefined) {
      polled += 1;
      return polled < 3
        ? [400, { error: "authorization_pending" }]
        : [200, { access_token: issue("access"), token_type: "bearer" }];
    }
    const old = form["refresh_token"];
    if (old !== undefined && !tokens.delete(old)) return [400, { error: "invalid_grant" }];
    return [
      200,
      {
        access_token: issue("access"),
        refresh_token: issue("refresh"),
        token_type: "bearer",
        expires_in: 3600,
      },
    ];
  }

  /** Whether a request to the Meshery Server carries the key in its cookie. */
  function holds({ headers }: IncomingMessage): boolean {
    return [headers.cookie ?? ""].some((cookie) => cookie.includes(`token=${KEY}`));
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", url);
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const form = Object.fromEntries(request.method === "POST" ? new URLSearchParams(text) : searchParams);
    seen.push({ path: pathname, form });
    const [status, body, headers = {}] = instead.get(pathname) ?? answer(pathname, form, request);
    instead.delete(pathname);
    response.writeHead(status, { "content-type": "application/json", connection: "close", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  atEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url,
    seen,
    tokens,
    next: (path, status, body, headers = {}) => void instead.set(path, [status, body, headers]),
  };
}
