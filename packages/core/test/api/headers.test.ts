import { describe, expect, test } from "vitest";
import { readHeaders, shownHeaders } from "../../src/api/headers.js";

const CANARY = "SECRET-CANARY-0123456789";

describe("headers of a request", () => {
  test("are read, and those of one name joined", () => {
    expect(readHeaders(["X-A: 1", "accept:text/plain", "x-a:  2 ", "X-Empty:", "X-Url: http://h/x"])).toEqual(
      {
        "x-a": "1, 2",
        accept: "text/plain",
        "x-empty": "",
        "x-url": "http://h/x",
      },
    );
  });

  test.each([
    "nothing",
    ": value",
    "a b: c",
    "x\u00e4: y",
    "x: a\r\ny: b",
    "x: \u0000",
    "x: \u4f60",
    "Cookie: token=x",
    "COOKIE : token=x",
    "Host: evil.example",
    "Content-Length: 5",
    "Transfer-Encoding: chunked",
    "Connection: close",
    "User-Agent: other",
  ])("%j is refused", (line) => {
    expect(() => readHeaders([line])).toThrow(expect.objectContaining({ code: "MESHAUTH_E_USAGE" }));
  });

  test("a header that meshauth sets itself is to be left out", () => {
    expect(() => readHeaders(["Cookie: x"])).toThrow(
      expect.objectContaining({ next: ["Leave the header cookie out."] }),
    );
  });

  test("a value is in no message: it may be a secret", () => {
    let text = "";
    try {
      readHeaders([`Authorization: ${CANARY}\n`, `X-Key: ${CANARY}\u0000`]);
    } catch (error) {
      text = JSON.stringify(error) + String(error);
    }
    expect(text).toMatch(/header/);
    expect(text).not.toContain(CANARY);
  });
});

test("headers of an answer are shown without the tokens of cookies", () => {
  const headers = new Headers({ "x-a": "1" });
  headers.append("set-cookie", `token=${CANARY}; Path=/; HttpOnly`);
  headers.append("set-cookie", `session_cookie=${CANARY}`);
  headers.append("set-cookie", "token=; Max-Age=0");
  headers.append("set-cookie", "meshery-provider=Layer5");
  expect(shownHeaders(headers)).toEqual([
    ["set-cookie", "token=[redacted]; Path=/; HttpOnly"],
    ["set-cookie", "session_cookie=[redacted]"],
    ["set-cookie", "token=; Max-Age=0"],
    ["set-cookie", "meshery-provider=Layer5"],
    ["x-a", "1"],
  ]);
});
