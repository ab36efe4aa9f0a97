import type { RequestListener } from "node:http";

/** A made-up credential. Its token begins with {@link CANARY}. */
export const SENT = { serverName: "Layer5", token: "made-up-token-0123456789" };
export const CANARY = "made-up-token";

export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export const reply =
  ({ status = 200, headers = {}, body = "" }: Reply): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

export const HTML = {
  headers: { "content-type": "text/html" },
  body: "<!doctype html><title>Meshery</title>",
};
export const JSON_ERROR = '{"error":"something\\u001b[31m went wrong","code":"meshery-server-1"}\n';

export const redirect = (location: string): Reply => ({ status: 302, headers: { location } });
