import { expect, test } from "vitest";
import { newTokenOf } from "../../src/api/new-token.js";

const NOW = new Date("2026-05-04T12:00:00Z");
const SENT = "made-up-token-old-0123";
const NEW = "made-up-token-new-0123";

function found(...cookies: string[]): string | undefined {
  const headers = new Headers();
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return newTokenOf(headers, SENT, NOW);
}

test.each([
  [`token=${NEW}; Path=/; HttpOnly`],
  [`token="${NEW}"; Max-Age=86400; Expires=Thu, 01 Jan 1970 00:00:00 GMT`],
  [`token=${NEW}; Expires=Tue, 05 May 2026 12:00:00 GMT`],
])("a new token: %s", (cookie) => {
  expect(found("meshery-provider=Layer5", cookie)).toBe(NEW);
});

test.each([
  ["no cookie of that name", `session_cookie=${NEW}`],
  ["another case, which is another cookie", `Token=${NEW}`],
  [
    "the empty one that deletes it",
    "token=; Path=/; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; HttpOnly",
  ],
  ["an empty one that lasts", "token="],
  ["an expired one by its age", `token=${NEW}; Max-Age=0`],
  ["an expired one by a negative age", `token=${NEW}; max-age=-1; Expires=Tue, 05 May 2026 12:00:00 GMT`],
  ["an expired one by its date", `token=${NEW}; Expires=Thu, 01 Jan 1970 00:00:01 GMT`],
  ["the one that was sent", `token=${SENT}; Path=/`],
  ["one that is no token", "token=a b"],
  ["one that is cut off", "token=eyJhY2Nlc3NfdG9rZW4iOiJ"],
])("none: %s", (_, cookie) => {
  expect(found(cookie)).toBeUndefined();
});

test("of several the last counts, as in a browser", () => {
  expect(found(`token=${NEW}`, "token=; Max-Age=0")).toBeUndefined();
  expect(found("token=; Max-Age=0", `token=${NEW}`)).toBe(NEW);
});
