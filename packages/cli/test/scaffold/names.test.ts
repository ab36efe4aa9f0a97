import { describe, expect, it } from "vitest";
import { factsFrom, type Wishes } from "../../src/scaffold/facts.js";
import { readNames } from "../../src/scaffold/names.js";

const facts = (wishes: Partial<Wishes>) =>
  factsFrom({ name: "acme", flow: "browser", licence: "MIT", ...wishes });

/** The failure of something that must fail. */
function failure(run: () => unknown): { code?: unknown; message?: string; next?: readonly string[] } {
  try {
    run();
  } catch (error) {
    return error as object;
  }
  throw new Error("It did not fail.");
}

describe("what a package is called", () => {
  it.each([
    ["acme", undefined, "acme", "meshauth-provider-acme", "meshauth-provider-acme"],
    ["meshauth-provider-acme", undefined, "acme", "meshauth-provider-acme", "meshauth-provider-acme"],
    ["acme", "@corp", "acme", "@corp/meshauth-provider-acme", "meshauth-provider-acme"],
    ["acme", "corp", "acme", "@corp/meshauth-provider-acme", "meshauth-provider-acme"],
    ["@corp/acme", undefined, "acme", "@corp/acme", "acme"],
    ["@corp/acme", "corp", "acme", "@corp/acme", "acme"],
    [
      "@corp/meshauth-provider-acme",
      undefined,
      "acme",
      "@corp/meshauth-provider-acme",
      "meshauth-provider-acme",
    ],
    ["@corp/provider-acme", undefined, "acme", "@corp/provider-acme", "provider-acme"],
    ["@corp/meshauth-acme", undefined, "acme", "@corp/meshauth-acme", "meshauth-acme"],
    ["@corp/meshauth-provider", undefined, "corp", "@corp/meshauth-provider", "meshauth-provider"],
  ])("%s, scope %s: login %s, package %s, folder %s", (typed, scope, id, name, folder) => {
    expect(readNames(typed, scope)).toEqual({ id, package: name, folder });
  });

  it.each([
    "",
    "Acme",
    "1acme",
    "acme_cloud",
    "ac me",
    "аcme",
    "../acme",
    "a".repeat(33),
    "@corp/",
    "@/acme",
    "@corp/x/acme",
    "@corp/../acme",
    "@Corp/acme",
    "@meshauth/acme",
    "@meshauth/provider-acme",
    "acme\n",
    "-acme",
  ])("%j is refused", (typed) => {
    expect(failure(() => readNames(typed, undefined))).toMatchObject({ code: "MESHAUTH_E_USAGE" });
  });

  it("a name that only needs to be written otherwise is offered", () => {
    expect(failure(() => readNames("Äcme Cloud 2", undefined)).next?.[0]).toBe(
      "meshauth provider new acme-cloud-2",
    );
  });

  it("two scopes are one too many", () => {
    expect(failure(() => readNames("@a/acme", "b")).message).toBe("Two scopes are given: @a and @b.");
  });
});

describe("what is not said", () => {
  it("follows from the name", () => {
    expect(facts({ name: "acme-cloud" })).toMatchObject({
      title: "Acme Cloud",
      serverName: "Acme Cloud",
      host: "https://login.acme-cloud.example",
      env: "ACME_CLOUD_URL",
    });
  });

  it("a title that no server can be sent is for people only", () => {
    expect(facts({ title: "Ümläut" })).toMatchObject({ title: "Ümläut", serverName: "acme" });
    expect(facts({ title: 'The "Acme"' })).toMatchObject({ serverName: "acme" });
  });

  it.each(["", " ", "x".repeat(41), "a\u001b[31m", "a\nb", "a`b", "a$b", "a\\b", "<%= 1 %>", "a\u202eb"])(
    "the title %j is refused",
    (title) => {
      expect(failure(() => facts({ title }))).toMatchObject({ code: "MESHAUTH_E_USAGE" });
    },
  );

  it.each([
    ["https://login.acme.test", "https://login.acme.test"],
    ["https://login.acme.test/", "https://login.acme.test"],
    ["https://login.acme.test:8443", "https://login.acme.test:8443"],
    ["http://127.0.0.1:4180", "http://127.0.0.1:4180"],
  ])("the host %s is taken", (host, origin) => {
    expect(facts({ host }).host).toBe(origin);
  });

  it.each([
    "login.acme.test",
    "http://login.acme.test",
    "https://login.acme.test/path",
    "https://login.acme.test?x",
    "https://user:hunter2@login.acme.test",
    "ftp://login.acme.test",
    "javascript:alert(1)",
    "",
  ])("the host %j is refused, and not repeated", (host) => {
    const error = failure(() => facts({ host }));
    expect(error).toMatchObject({ code: "MESHAUTH_E_USAGE" });
    expect(JSON.stringify([error.message, error.next])).not.toContain("hunter2");
  });
});
