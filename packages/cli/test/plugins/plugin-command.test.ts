import { describe, expect, it } from "vitest";
import { placeOf } from "../../src/plugins/place.js";
import { installCommand, pluginCommand } from "../../src/plugins/plugin-command.js";
import { consentNeeded, tampered } from "../../src/trust/errors.js";

const HOSTILE = "x; touch /tmp/pwned \u001b]0;title\u0007";
const LISTED = { name: "acme-provider", origin: "user", root: "/data/node_modules/acme-provider" } as const;

describe("a next step", () => {
  it("names a plugin, unless its name would be code to a shell or lead elsewhere", () => {
    expect(pluginCommand("trust", "@acme/provider", "--yes")).toBe(
      "meshauth plugins trust @acme/provider --yes",
    );
    for (const name of [HOSTILE, "../..", "$(id)", "a b", ""])
      expect(pluginCommand("trust", name)).toBe("meshauth plugins reset");
  });

  it("quotes what is installed, without its password", () => {
    expect(installCommand("@acme/provider@^1")).toBe("meshauth plugins install @acme/provider@^1");
    expect(installCommand("./it's here", "--yes")).toBe("meshauth plugins install './it'\\''s here' --yes");
    expect(installCommand("https://me:SECRET@host/p.tgz")).toBe(
      "meshauth plugins install https://host/p.tgz",
    );
    expect(installCommand("./a\u001b[31m")).toBe("meshauth plugins install './a[31m'");
  });
});

describe("a plugin that may not run", () => {
  it("is installed again from where it came; an address with a password is left to the list", () => {
    const next = (source: object) => tampered({ ...LISTED, ...source }, "Why.").next[0];
    expect(next({})).toBe("meshauth plugins install acme-provider");
    expect(next({ tag: "next" })).toBe("meshauth plugins install acme-provider@next");
    expect(next({ url: "file:/home/a b.tgz" })).toBe("meshauth plugins install '/home/a b.tgz'");
    expect(next({ url: "https://host/p.tgz" })).toBe("meshauth plugins install https://host/p.tgz");
    expect(next({ url: "https://me:SECRET@host/p.tgz" })).toBe("meshauth plugins update acme-provider");
  });

  it("with a name that makes no sense is not named to a shell", () => {
    expect(tampered({ ...LISTED, name: HOSTILE }, "Why.").next).toEqual(["meshauth plugins reset"]);
    expect(consentNeeded({ name: HOSTILE }, undefined, "/data").next).toEqual(["meshauth plugins reset"]);
  });
});

it("what a plugin came from is told without the password of the address", () => {
  expect(placeOf({ ...LISTED, url: "https://me:SECRET@host/p.tgz" })).toBe("https://host/p.tgz");
  expect(placeOf(LISTED)).toBe("acme-provider@latest");
  expect(placeOf({ ...LISTED, origin: "link" })).toBe(LISTED.root);
});
