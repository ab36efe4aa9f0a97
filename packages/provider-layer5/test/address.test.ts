import { describe, expect, it } from "vitest";
import { checkAddress, checkName } from "../src/address.js";

describe("a provider's address", () => {
  it.each([
    ["https://cloud.layer5.io", "https://cloud.layer5.io"],
    ["https://cloud.layer5.io/", "https://cloud.layer5.io"],
    ["https://CLOUD.layer5.io//", "https://cloud.layer5.io"],
    ["https://host.example:8443/meshery/", "https://host.example:8443/meshery"],
    ["http://localhost:9876", "http://localhost:9876"],
    ["http://127.0.0.1:9876/", "http://127.0.0.1:9876"],
    ["http://[::1]:9876", "http://[::1]:9876"],
  ])("%s is taken", (given, value) => {
    expect(checkAddress(given)).toEqual({ ok: true, value });
  });

  it.each([
    "http://example.com",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "ftp://host.example",
    "\\\\host\\share",
    "https:\\\\host.example",
    "https:host.example",
    "//host.example",
    "https://u:p@host.example",
    "https://@host.example",
    "https://host.example\\@evil.example",
    "https://h/\r\nx",
    "https://h/\tx",
    " https://host.example",
    "https://host.example/\u202ex",
    "https://host.example?x=1",
    "https://host.example/#x",
    "https://",
    "https://[::1",
    "--flag",
    "",
  ])("T31: %j is refused", (given) => {
    expect(checkAddress(given)).toMatchObject({ ok: false, reason: expect.stringMatching(/^(is|has) /) });
  });

  it("T31: marks of a shell become inert parts of the path", () => {
    expect(checkAddress('https://h/"&calc&"')).toEqual({ ok: true, value: "https://h/%22&calc&%22" });
  });
});

describe("a provider's name", () => {
  it("is taken where a server can be sent it", () => {
    expect(checkName("My Provider")).toEqual({ ok: true, value: "My Provider" });
    expect(checkName("M\u00fcller")).toEqual({ ok: false, reason: expect.stringContaining("ASCII") });
  });
});
