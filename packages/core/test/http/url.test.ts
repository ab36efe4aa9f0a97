import { isProviderError } from "@meshauth/provider-api";
import { describe, expect, test } from "vitest";
import { checkUrl, inspectUrl, isLoopback } from "../../src/http/index.js";

describe("addresses that are refused before anything happens (T31, A08, A11)", () => {
  test.each([
    ["", /empty/],
    ["http://example.com", /https is needed/],
    ["http://localhost.evil.example/", /https is needed/],
    ["http://127.0.0.1.evil.example/", /https is needed/],
    ["http://foo.localhost/", /https is needed/],
    ["http://0.0.0.0/", /https is needed/],
    ["http://[::ffff:7f00:1]/", /https is needed/],
    ["javascript:alert(1)", /https:\/\/ or http/],
    ["file:///etc/passwd", /https:\/\/ or http/],
    ["data:text/html,x", /https:\/\/ or http/],
    ["ftp://example.com/", /https:\/\/ or http/],
    ["https:example.com", /https:\/\/ or http/],
    ["//example.com/", /https:\/\/ or http/],
    ["--flag", /https:\/\/ or http/],
    ["\\\\host\\share", /backslashes/],
    ["https:\\\\example.com", /backslashes/],
    ["https://example.com\\@evil.example/", /backslashes/],
    ["https://u:p@h", /user name or password/],
    ["https://u@h/", /user name or password/],
    ["https://@h/", /user name or password/],
    ["https://h/\r\nx", /control characters/],
    ["https://h/\tx", /control characters/],
    [" https://h/", /spaces/],
    ["https://h/a b", /spaces/],
    ["https://h/\u001b]0;x\u0007", /control characters/],
    ["https://h/\u202eexe", /control characters/],
    ["https://h/\u2028", /control characters/],
    ["https://", /does not start|not valid/],
    ["https:///path", /not valid|does not start/],
    ["https://h:99999/", /not valid/],
    ["https://h:0/", /port 0/],
    ["https://[::1/", /not valid/],
  ])("%j", (text, reason) => {
    const verdict = inspectUrl(text);
    if (verdict.kind === "url") throw new Error(`accepted as ${verdict.url.href}`);
    expect(verdict.reason).toMatch(reason);
  });

  test("a text that is longer than any address", () => {
    expect(inspectUrl(`https://h/${"x".repeat(16 * 1024)}`)).toMatchObject({
      reason: "is longer than 16 KiB",
    });
  });

  test("plain http to any host only where that is said to be fine", () => {
    expect(inspectUrl("http://meshery.example:9081", { allowHttp: true }).kind).toBe("url");
    expect(inspectUrl("http://u:p@meshery.example", { allowHttp: true }).kind).toBe("refused");
    expect(inspectUrl("javascript:alert(1)", { allowHttp: true }).kind).toBe("refused");
  });
});

describe("addresses that are taken", () => {
  test.each([
    ["https://cloud.layer5.io", "https://cloud.layer5.io/"],
    ["HTTPS://Cloud.Layer5.io/a?b=c", "https://cloud.layer5.io/a?b=c"],
    ["http://localhost:9081/p/", "http://localhost:9081/p/"],
    ["http://127.0.0.1:9081", "http://127.0.0.1:9081/"],
    ["http://127.1:9081", "http://127.0.0.1:9081/"],
    ["http://0177.0.0.1:9081", "http://127.0.0.1:9081/"],
    ["http://[::1]:9081", "http://[::1]:9081/"],
  ])("%s", (text, href) => {
    expect(checkUrl(text).href).toBe(href);
  });

  test("T31: what a command interpreter could read is encoded in the href", () => {
    expect(checkUrl('https://h/"&calc&"').href).toBe("https://h/%22&calc&%22");
    expect(checkUrl("https://h/?a='`$(x)`'").href).not.toMatch(/['`]\s/);
    expect(checkUrl("https://ex\u00e4mple.com/").href).toBe("https://xn--exmple-cua.com/");
  });
});

test("checkUrl names scheme and host, and never path, query, user or password", () => {
  for (const text of [
    "https://user:SECRET-CANARY-1@h.example/SECRET-CANARY-2",
    "http://h.example/SECRET-CANARY-3?token=SECRET-CANARY-4#SECRET-CANARY-5",
    "https://h.example/ SECRET-CANARY-6",
    "javascript:SECRET-CANARY-7",
    "SECRET-CANARY-8",
  ]) {
    let thrown: unknown;
    try {
      checkUrl(text);
    } catch (error) {
      thrown = error;
    }
    if (!isProviderError(thrown)) throw new Error(`not refused: ${text}`);
    expect(thrown.code).toBe("protocol");
    expect(`${thrown.message} ${thrown.reason}`).not.toContain("SECRET-CANARY");
  }
});

test("isLoopback knows the two families and the name", () => {
  expect(["localhost", "127.0.0.1", "127.8.9.10", "[::1]"].every(isLoopback)).toBe(true);
  expect(["localhost.", "128.0.0.1", "127.example", "[::]", "0.0.0.0", "::1"].some(isLoopback)).toBe(false);
});
