import { encodeEnvelope } from "@meshauth/provider-api/format";
import { expect, test } from "vitest";
import { newTokenOf } from "../../src/api/new-token.js";

const NOW = new Date("2026-05-04T12:00:00Z");
const ADDRESS = new URL("http://meshery.example:9081/base/api/user?x=/other");
const NEW = encodeEnvelope({ accessToken: "made-up-access-new", expiry: "2026-05-04T13:00:00Z" });
const OVER = encodeEnvelope({ accessToken: "made-up-access-new", expiry: "2026-05-04T12:00:00Z" });
const JWT = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"sub":"a"}').toString("base64url")}.c2lnbmF0dXJl`;

function found(...cookies: string[]): string | undefined {
  const headers = new Headers();
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return newTokenOf(headers, ADDRESS, NOW);
}

test.each([
  [`token=${NEW}; Path=/; HttpOnly`],
  [`token="${NEW}"; Max-Age=86400; Expires=Thu, 01 Jan 1970 00:00:00 GMT`],
  [`token=${NEW}; Expires=Tue, 05 May 2026 12:00:00 GMT`],
  [`token=${NEW}; Path=/base`],
  [`token=${NEW}; path=/base/; Domain=.Meshery.example`],
  [`token=${NEW}; Path=; Domain=`],
])("a new token: %s", (cookie) => {
  expect(found("meshery-provider=Layer5", cookie)).toBe(NEW);
});

test("a new token: a JWT", () => {
  expect(found(`token=${JWT}`)).toBe(JWT);
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
  ["one that has ended by itself", `token=${OVER}`],
  ["one that is no token", "token=a b"],
  ["one that is cut off", "token=eyJhY2Nlc3NfdG9rZW4iOiJ"],
  ["an opaque text, such as one against forged requests", "token=made-up-csrf-0123456789"],
  ["one for another path", `token=${NEW}; Path=/other`],
  ["one for a path that only starts alike", `token=${NEW}; Path=/bas`],
  ["one for another host", `token=${NEW}; Domain=evil.example`],
  ["one for all hosts of a domain", `token=${NEW}; Domain=example`],
])("none: %s", (_, cookie) => {
  expect(found(cookie)).toBeUndefined();
});

test("of several the last counts, as in a browser, of those that are meant for the server", () => {
  expect(found(`token=${NEW}`, "token=; Max-Age=0")).toBeUndefined();
  expect(found("token=; Max-Age=0", `token=${NEW}`)).toBe(NEW);
  expect(found(`token=${NEW}`, "token=; Max-Age=0; Path=/other")).toBe(NEW);
});
