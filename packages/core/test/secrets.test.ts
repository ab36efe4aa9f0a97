import { encodeEnvelope } from "@meshauth/provider-api/format";
import { describe, expect, test } from "vitest";
import { Secrets } from "../src/secrets.js";

const ACCESS = "canary-access-0123456789";
const REFRESH = "canary-refresh-0123456789";

describe("Secrets", () => {
  test("masks a known secret in every spelling that output may hold", () => {
    const secrets = new Secrets();
    secrets.add('can+ary/"0123456789=');
    for (const text of ['can+ary/"0123456789=', "can%2Bary%2F%220123456789%3D", 'can+ary/\\"0123456789=']) {
      expect(secrets.redact(`a ${text} b`)).toBe("a [redacted] b");
    }
  });

  test("masks the parts of a token envelope that it was given whole", () => {
    const secrets = new Secrets();
    secrets.add(encodeEnvelope({ accessToken: ACCESS, refreshToken: REFRESH }));
    expect(secrets.redact(`${ACCESS} ${REFRESH}`)).toBe("[redacted] [redacted]");
  });

  test("masks the longer of two secrets first", () => {
    const secrets = new Secrets();
    secrets.add("canary");
    secrets.add("canary-and-more");
    expect(secrets.redact("canary-and-more")).toBe("[redacted]");
  });

  test.each([
    ["a JWT", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4eHh4In0.c2lnbmF0dXJl"],
    ["a token envelope", encodeEnvelope({ accessToken: ACCESS })],
  ])("masks %s that nobody announced", (_, token) => {
    expect(new Secrets().redact(`error: ${token}!`)).not.toContain(token);
  });

  test("masks the token of an address, and leaves the rest of it", () => {
    expect(new Secrets().redact("http://localhost:1/cb?token=abc%20def&x=1")).toBe(
      "http://localhost:1/cb?token=[redacted]&x=1",
    );
  });

  test("leaves ordinary text and short words alone", () => {
    const secrets = new Secrets();
    secrets.add("no");
    expect(secrets.redact("no token was found")).toBe("no token was found");
  });

  test("leaves JSON what it is, where a token's address stands in a text of it", () => {
    const document = { body: '<a href="https://cloud.example/?token=abc-made-up">sign in</a>' };
    const clean = JSON.parse(new Secrets().redact(JSON.stringify(document)));
    expect(clean.body).toBe('<a href="https://cloud.example/?token=[redacted]">sign in</a>');
  });
});
