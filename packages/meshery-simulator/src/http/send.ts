import type { ServerResponse } from "node:http";
import { isAnswer, type Misbehaviour, type Outcome } from "./answer.js";

const FLOOD_LIMIT = 64 * 1024 * 1024;
const DRIP_LIMIT = 600;

/** Sends an answer, or misbehaves as told. */
export function send(response: ServerResponse, outcome: Outcome, headOnly: boolean): void {
  if (!isAnswer(outcome)) {
    misbehave(response, outcome.kind);
    return;
  }
  response.statusCode = outcome.status;
  for (const [name, value] of outcome.headers) response.appendHeader(name, value);
  response.setHeader("Content-Length", Buffer.byteLength(outcome.body));
  response.end(headOnly ? undefined : outcome.body);
}

function misbehave(response: ServerResponse, kind: Misbehaviour["kind"]): void {
  switch (kind) {
    case "hang":
      return;
    case "close":
      response.socket?.destroy();
      return;
    case "truncate":
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": 4096 });
      response.write('{"meshery-provider":"', () => response.socket?.destroy());
      return;
    case "flood":
      flood(response);
      return;
    case "drip":
      drip(response);
  }
}

function flood(response: ServerResponse): void {
  const block = Buffer.alloc(64 * 1024, "a");
  let sent = 0;
  response.writeHead(200, { "Content-Type": "application/json" });
  response.write('{"filler":"');
  const more = (): void => {
    while (!response.destroyed && sent < FLOOD_LIMIT) {
      sent += block.length;
      if (!response.write(block)) {
        response.once("drain", more);
        return;
      }
    }
    response.end('"}');
  };
  more();
}

function drip(response: ServerResponse): void {
  let sent = 0;
  response.writeHead(200, { "Content-Type": "application/json" });
  const timer = setInterval(() => {
    sent += 1;
    if (sent > DRIP_LIMIT) response.end();
    else response.write(sent === 1 ? "{" : " ");
  }, 1000);
  response.once("close", () => clearInterval(timer));
}
