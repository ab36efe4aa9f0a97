import { describe, expect, test } from "vitest";
import { apiAddress } from "../../src/api/address.js";
import { client } from "../meshery-server/client.js";

const SERVER = "http://meshery.example:9081";
const BELOW = "https://host.example/meshery";

const at = (text: string, server = SERVER): string => apiAddress(text, server, client(server).isOwn).href;

describe("a path becomes an address of the server", () => {
  test.each([
    ["/api/user", `${SERVER}/api/user`],
    ["api/user", `${SERVER}/api/user`],
    ["/", `${SERVER}/`],
    ["/api/x?a=b&c=%2F#".slice(0, -1), `${SERVER}/api/x?a=b&c=%2F`],
    ["/api/x?next=//evil.example/../y", `${SERVER}/api/x?next=//evil.example/../y`],
    ["/api/a:b@evil.example", `${SERVER}/api/a:b@evil.example`],
    ["@evil.example/x", `${SERVER}/@evil.example/x`],
    ["/api/größe", `${SERVER}/api/gr%C3%B6%C3%9Fe`],
    ["/api//x", `${SERVER}/api//x`],
    ["/api/a%2Fb%5Cc", `${SERVER}/api/a%2Fb%5Cc`],
    ["/api/a..b/...", `${SERVER}/api/a..b/...`],
    [`${SERVER}/api/user?x=1`, `${SERVER}/api/user?x=1`],
    ["HTTP://MESHERY.example:9081/api", `${SERVER}/api`],
  ])("%s", (text, expected) => {
    expect(at(text)).toBe(expected);
  });

  test("below the path of the server's address, when it has one", () => {
    expect(at("/api/user", BELOW)).toBe(`${BELOW}/api/user`);
    expect(at("/api/user", `${BELOW}/`)).toBe(`${BELOW}/api/user`);
    expect(at(`${BELOW}/api/user`, BELOW)).toBe(`${BELOW}/api/user`);
  });
});

describe("what could lead the credential elsewhere is refused (A09, T31)", () => {
  test.each([
    "//evil.example/x",
    "///evil.example/x",
    "\\\\evil.example\\x",
    "/\\evil.example/x",
    "/api\\..\\x",
    "/../x",
    "/api/../../x",
    "/api/..",
    "/api/./x",
    "..",
    "/api/%2e%2E/x",
    "",
    "/api/..%2f..%2Fadmin",
    "..%2f",
    "/api/%2e%2e%2fx",
    "/api%2F..%2Fx",
    "/api/..%5Cx",
    "/api%5c%2e%2e",
    "/api/%252e%252e%252fx",
    "/api/..%25252fx",
    "/api/..;a=b/x",
    "/api/..%3bx",
    "/api/.%2e?x",
    "/api/x\n",
    "/api/\tx",
    " /api/x",
    "/api/x y",
    "/api/\u202ex",
    "/api/x#fragment",
    "https://evil.example/api/user",
    "http://meshery.example/api/user",
    "https://meshery.example:9081/api/user",
    "http://meshery.example:9081@evil.example/",
    "http://user:pass@meshery.example:9081/api",
    "http:/api/user",
    "http:api/user",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://meshery.example:9081.evil.example/",
  ])("%j", (text) => {
    expect(() => at(text)).toThrow(expect.objectContaining({ code: "MESHAUTH_E_USAGE" }));
  });

  test.each([
    "https://host.example/",
    "https://host.example/mesheryx/api",
    "https://host.example/meshery/../admin",
    "/../admin",
  ])("%j, for a server at /meshery", (text) => {
    expect(() => at(text, BELOW)).toThrow(expect.objectContaining({ code: "MESHAUTH_E_USAGE" }));
  });
});
