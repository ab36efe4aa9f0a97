import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Preview } from "../../src/loader/index.js";
import { addedTo, wantsMore } from "../../src/plugins/added.js";
import { requireConsent } from "../../src/plugins/consent.js";
import type { PluginSpec } from "../../src/plugins/spec.js";
import type { PluginWork } from "../../src/plugins/work.js";
import { temporaryFolder } from "../support/folder.js";

const INTEGRITY = `sha512-${"A".repeat(86)}==`;
const NOBODY: Pick<PluginWork, "yes" | "terminal" | "allowList"> = {
  yes: false,
  terminal: { interactive: false } as PluginWork["terminal"],
  allowList: { path: "/config/allowed-plugins.json", allowed: [{ name: "acme", integrity: INTEGRITY }] },
};

describe("where nobody can be asked", () => {
  const refusal = (spec: PluginSpec, work = NOBODY): unknown => {
    try {
      return requireConsent(work, spec, "meshauth plugins install it --yes");
    } catch (error) {
      return error;
    }
  };

  it("a folder is refused at once: it has no integrity that could be on the list", async () => {
    const path = await temporaryFolder();
    expect(refusal({ kind: "file", path })).toMatchObject({
      code: "MESHAUTH_E_INTERACTION",
      next: ["meshauth plugins install it --yes"],
    });
    expect(refusal({ kind: "file", path }, { ...NOBODY, yes: true })).toBeUndefined();
  });

  it("a tarball, and a package with the name of a listed one, are looked at", async () => {
    const path = join(await temporaryFolder(), "acme.tgz");
    await writeFile(path, "");
    const specs: PluginSpec[] = [
      { kind: "file", path },
      { kind: "remote", url: "https://host/acme.tgz" },
      { kind: "registry", name: "acme", tag: "latest" },
    ];
    for (const spec of specs) {
      expect(refusal(spec)).toBeUndefined();
      const allowList = { ...NOBODY.allowList, allowed: [] };
      expect(refusal(spec, { ...NOBODY, allowList })).toMatchObject({ code: "MESHAUTH_E_INTERACTION" });
    }
    for (const [tag, version] of [
      ["latest", "VERSION"],
      ["1.2.0", "1.2.0"],
    ] as const)
      expect(refusal({ kind: "registry", name: "other", tag })).toMatchObject({
        code: "MESHAUTH_E_INTERACTION",
        next: [
          "meshauth plugins install it --yes",
          'Add {"name":"other","integrity":"sha512-…"} to "allowed" in /config/allowed-plugins.json.',
          `To see its integrity: npm view other@${version} dist.integrity`,
        ],
      });
  });
});

describe("an update is asked about", () => {
  const none = { providers: [], commands: [], hosts: [], flows: [], goneHosts: [] };
  const of = (publisher: string | null) => ({
    version: "1.0.0",
    source: "acme",
    sameSource: true,
    publisher,
  });
  const by = (user: string | null) => ({ user, maintainers: [] });

  it.each([
    ["the same publisher", false, of("alice"), by("alice")],
    ["another one", true, of("alice"), by("mallory")],
    ["one that is not told any more", true, of("alice"), by(null)],
    ["a registry that does not answer", true, of("alice"), null],
    ["one that was never known", false, of(null), by("alice")],
  ])("%s: %s", (_, asked, installed, publisher) => {
    expect(wantsMore({ added: none, installed, publisher })).toBe(asked);
  });

  it("when it reaches for more", () => {
    const [installed, publisher] = [of("alice"), by("alice")];
    const added = { ...none, hosts: [{ provider: "acme", host: "https://new.example" }] };
    expect(wantsMore({ added, installed, publisher })).toBe(true);
    expect(wantsMore({ added: null, installed, publisher })).toBe(true);
  });

  it("not when it reaches for less", () => {
    const [installed, publisher] = [of("alice"), by("alice")];
    const provider = (hosts: readonly string[]) => ({ entry: { id: "acme", flows: ["browser"], hosts } });
    const preview = (...hosts: string[]) =>
      ({ providers: [provider(hosts)], commands: [] }) as unknown as Preview;
    const added = addedTo(preview("https://a.example", "https://b.example"), preview("https://b.example"));
    expect(added.goneHosts).toEqual(["https://a.example"]);
    expect(wantsMore({ added, installed, publisher })).toBe(false);
  });
});
