import { describe, expect, it } from "vitest";
import type { NpmAnswer } from "../../src/plugins/npm.js";
import { registryFacts } from "../../src/plugins/registry-facts.js";
import { checkSignatures, claimsOf } from "../../src/plugins/signatures.js";
import type { PluginWork } from "../../src/plugins/work.js";

/** npm that answers so; what it really prints is seen with a registry and keys of its own elsewhere. */
function npmAnswering(document: unknown, exit = 0): Pick<PluginWork, "npm" | "signal"> {
  const stdout = typeof document === "string" ? document : JSON.stringify(document);
  const ask = async (): Promise<NpmAnswer> => ({ exit, stdout });
  return {
    npm: { ask, change: () => Promise.reject(new Error("unused")) },
    signal: new AbortController().signal,
  };
}

const check = (document: unknown) => checkSignatures("acme", "/nowhere", npmAnswering(document));
const failing = (code: string, summary = "") => check({ error: { code, summary } });
const entry = (name: string, more: object = {}) => ({ name, version: "1.2.3", ...more });

describe("npm audit signatures", () => {
  it("finds nothing wrong; a proof of where it was built is told of the package alone", async () => {
    const found = { invalid: [], missing: [] };
    expect(await check(found)).toEqual({ missing: false, proven: false });
    expect(await check({ ...found, verified: [entry("other")] })).toEqual({ missing: false, proven: false });
    expect(await check({ ...found, verified: [entry("acme")] })).toEqual({ missing: false, proven: true });
    expect(await check({ ...found, missing: [entry("other")] })).toEqual({ missing: false, proven: false });
    expect(await check({ ...found, missing: [entry("acme")] })).toEqual({ missing: true, proven: false });
  });

  it.each(["acme", "needed"])("a bad one of %s is refused, of whatever kind", async (name) => {
    for (const code of ["EINTEGRITYSIGNATURE", "EATTESTATIONVERIFY"]) {
      await expect(check({ invalid: [entry(name, { code })], missing: [] })).rejects.toMatchObject({
        code: "MESHAUTH_E_SIGNATURE",
        exitCode: 9,
        why: expect.stringContaining(`${name}@1.2.3`),
      });
    }
  });

  it.each(["EEXPIREDSIGNATUREKEY", "EMANIFESTMISMATCH"])("%s is refused", async (code) => {
    await expect(failing(code, "x \u0007")).rejects.toMatchObject({ code: "MESHAUTH_E_SIGNATURE" });
  });

  it.each([
    ["ENOTFOUND", "", "the directory of keys, or the registry, cannot be reached (ENOTFOUND)"],
    ["TUF_REFRESH_METADATA_ERROR", "", /cannot be reached \(TUF_REFRESH/],
    [
      "undefined",
      "found no dependencies to audit that were installed from a supported registry",
      "the registry does not sign its packages",
    ],
    ["EMISSINGSIGNATUREKEY", "", "the registry names no key for its signature"],
    ["EWHATEVER", "", "npm could not check it (EWHATEVER)"],
    ["", "red \u0007text", "npm could not check it (red text)"],
  ])("%s: not available, in words", async (code, summary, reason) => {
    const told = await failing(code, summary);
    if (typeof reason === "string") expect(told).toBe(reason);
    else expect(told).toMatch(reason);
  });

  it.each(["", "npm warn", "[]", "{}", '{"invalid":7}'])("%j is no answer", async (text) => {
    expect(await check(text)).toBe("npm did not say");
  });
});

describe("what is told of a signature", () => {
  const integrity = "sha512-a";
  const fine = { missing: false, proven: true };

  it("is good only for a package that has one, and whose content it is about", () => {
    const told = { integrity, signed: true };
    expect(claimsOf("acme", fine, told, integrity)).toEqual({
      signature: { state: "valid", reason: null },
      provenance: { state: "valid", reason: null },
    });
    expect(claimsOf("acme", fine, { ...told, signed: false }, integrity).signature.state).toBe(
      "not-available",
    );
    expect(claimsOf("acme", { missing: true, proven: false }, told, integrity)).toMatchObject({
      signature: { state: "missing" },
      provenance: { state: "missing" },
    });
    expect(() => claimsOf("acme", fine, told, "sha512-b")).toThrow(
      expect.objectContaining({ code: "MESHAUTH_E_SIGNATURE" }),
    );
  });

  it("is not available where npm or the registry does not say", () => {
    expect(claimsOf("acme", "no answer", { integrity, signed: true }, integrity)).toMatchObject({
      signature: { state: "not-available", reason: "no answer" },
      provenance: { state: "not-available", reason: "no answer" },
    });
    expect(claimsOf("acme", fine, "no answer", integrity)).toMatchObject({
      signature: { state: "not-available", reason: "no answer" },
    });
  });
});

describe("npm view", () => {
  const view = (document: unknown, exit = 0) =>
    registryFacts("acme", "1.2.3", "/nowhere", npmAnswering(document, exit));

  it("tells publisher, maintainers, times and where it is, without addresses of people", async () => {
    const document = {
      _npmUser: "alice <alice@acme.example>",
      maintainers: ["alice <alice@acme.example>", { name: "bob\u0007", email: "x" }, 7],
      time: {
        created: "2024-05-01T00:00:00.000Z",
        modified: "2020-01-01T00:00:00.000Z",
        "1.2.3": "2026-01-02T03:04:05Z",
      },
      dist: {
        integrity: "sha512-a",
        tarball: "https://u:p@registry.example/acme/-/acme.tgz",
        signatures: [{}],
      },
    };
    expect(await view(document)).toEqual({
      registry: "https://registry.example",
      publisher: "alice",
      maintainers: ["alice", "bob"],
      published: "2026-01-02T03:04:05.000Z",
      firstPublished: "2024-05-01T00:00:00.000Z",
      integrity: "sha512-a",
      signed: true,
    });
  });

  it("makes nothing up of what is missing, or makes no sense", async () => {
    const nothing = {
      registry: null,
      publisher: null,
      maintainers: [],
      published: null,
      firstPublished: null,
      integrity: null,
      signed: false,
    };
    expect(await view({})).toEqual(nothing);
    expect(
      await view({
        _npmUser: 7,
        maintainers: "x".repeat(0),
        time: [],
        dist: { tarball: "x", signatures: {} },
      }),
    ).toEqual(nothing);
    expect(await view("[]")).toBe("the registry's answer makes no sense");
    expect(await view("")).toBe("the registry's answer makes no sense");
    expect(await view({ error: { code: "ECONNRESET" } }, 1)).toBe(
      "the registry cannot be reached (ECONNRESET)",
    );
    expect(await view({ error: { code: "E403" } }, 1)).toBe("the registry does not tell (E403)");
  });
});
