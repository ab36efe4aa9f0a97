import { isProviderError } from "@meshauth/provider-api";
import { describe, expect, test } from "vitest";
import { proxyFor } from "../../src/http/proxy.js";
import { shown } from "./fetching.js";

const PROXY = "http://proxy.example:3128";
const chosen = (address: string, env: Record<string, string>) => proxyFor(new URL(address), env)?.url;

describe("the proxy for an address", () => {
  test("is read from the variable of its scheme, in either case, upper case first", () => {
    expect(chosen("https://a.example/", { HTTPS_PROXY: PROXY })).toBe(PROXY);
    expect(chosen("https://a.example/", { https_proxy: PROXY })).toBe(PROXY);
    expect(chosen("http://a.example/", { http_proxy: PROXY })).toBe(PROXY);
    expect(chosen("https://a.example/", { https_proxy: "http://low:1", HTTPS_PROXY: PROXY })).toBe(PROXY);
    expect(chosen("https://a.example/", { https_proxy: PROXY, HTTPS_PROXY: " " })).toBe(PROXY);
  });

  test("is not that of the other scheme, as in Go", () => {
    expect(chosen("https://a.example/", { HTTP_PROXY: PROXY })).toBeUndefined();
    expect(chosen("http://a.example/", { HTTPS_PROXY: PROXY })).toBeUndefined();
    expect(chosen("https://a.example/", {})).toBeUndefined();
  });

  test.each([
    "http://localhost:9081",
    "http://127.0.0.1",
    "http://127.9.9.9",
    "http://[::1]:1",
    "https://localhost",
  ])("is none for loopback: %s", (address) => {
    expect(chosen(address, { HTTP_PROXY: PROXY, HTTPS_PROXY: PROXY })).toBeUndefined();
  });

  test("may be written without a scheme", () => {
    expect(chosen("https://a.example/", { HTTPS_PROXY: "proxy.example:3128" })).toBe(PROXY);
    expect(chosen("https://a.example/", { HTTPS_PROXY: "10.0.0.1:3128" })).toBe("http://10.0.0.1:3128");
  });

  test("takes user and password out of the address", () => {
    const proxy = proxyFor(new URL("https://a.example/"), {
      HTTPS_PROXY: "http://u%40x:p%3Aq@proxy.example:3128",
    });
    expect(proxy?.url).toBe(PROXY);
    expect(proxy?.authorization).toBe(`Basic ${Buffer.from("u@x:p:q").toString("base64")}`);
    expect(proxy?.secrets).toEqual(["p%3Aq", "p:q"]);
  });

  test.each([
    ["socks5://127.0.0.1:1080", /socks5 proxies are not supported/],
    ["http://", /not an address/],
    ["http://u:SECRET-CANARY-%zz@h:1", /not encoded/],
    ["http://u:SECRET-CANARY-1@h:99999", /not an address/],
  ])("fails with a reason and without the value when it is unusable: %s", (value, reason) => {
    let thrown: unknown;
    try {
      proxyFor(new URL("https://a.example/"), { https_proxy: value });
    } catch (error) {
      thrown = error;
    }
    if (!isProviderError(thrown)) throw new Error("It was taken.");
    expect(thrown.code).toBe("unreachable");
    expect(thrown.reason).toMatch(reason);
    expect(shown(thrown)).toContain("https_proxy");
    expect(shown(thrown)).not.toContain("SECRET-CANARY");
  });
});

describe("NO_PROXY", () => {
  test.each([
    ["a.example", "https://a.example/", true],
    ["a.example", "https://sub.a.example/", true],
    ["a.example", "https://nota.example/", false],
    [".a.example", "https://sub.a.example/", true],
    [".a.example", "https://a.example/", false],
    ["*.a.example", "https://sub.a.example/", true],
    ["*.a.example", "https://a.example/", false],
    ["A.EXAMPLE", "https://a.example/", true],
    ["b.example, a.example", "https://a.example/", true],
    ["b.example a.example", "https://a.example/", true],
    ["*", "https://a.example/", true],
    ["b.example,*", "https://a.example/", true],
    ["a.example:443", "https://a.example/", true],
    ["a.example:8443", "https://a.example/", false],
    ["a.example:8443", "https://a.example:8443/", true],
    ["10.0.0.0/8", "https://10.1.2.3/", true],
    ["10.0.0.0/8", "https://11.1.2.3/", false],
    ["10.0.0.0/8", "https://a.example/", false],
    ["10.1.2.3", "https://10.1.2.3/", true],
    ["10.1.2.3:443", "https://10.1.2.3/", true],
    ["10.1.2.3:80", "https://10.1.2.3/", false],
    ["2001:db8::/32", "https://[2001:db8::5]/", true],
    ["2001:db8::5", "https://[2001:db8:0::5]/", true],
    ["[2001:db8::5]:443", "https://[2001:db8::5]/", true],
    ["[2001:db8::5]:80", "https://[2001:db8::5]/", false],
    ["10.0.0.0/99,garbage/8,.,:80,[", "https://10.0.0.1/", false],
    ["", "https://a.example/", false],
  ])("%j and %s", (noProxy, address, exempt) => {
    const url = chosen(address, { HTTPS_PROXY: PROXY, no_proxy: noProxy });
    expect(url).toBe(exempt ? undefined : PROXY);
  });
});
