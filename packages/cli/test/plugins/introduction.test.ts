import { describe, expect, it } from "vitest";
import type { PackageFacts } from "../../src/plugins/facts.js";
import { introduction } from "../../src/plugins/introduction.js";
import { firstUseText } from "../../src/trust/first-use.js";

const NOW = new Date("2026-06-15T12:00:00.000Z");
const NONE = { providers: [], commands: [], hosts: [], flows: [], goneHosts: [] };

const FACTS: PackageFacts = {
  package: "@acme/meshauth-provider",
  version: "1.2.3",
  source: { kind: "registry", from: "https://registry.acme.example" },
  integrity: `sha512-${"A".repeat(86)}==`,
  publisher: { user: "alice", maintainers: ["alice", "bob"] },
  published: { version: "2026-06-12T00:00:00.000Z", first: "2023-06-01T00:00:00.000Z" },
  unknown: null,
  signature: { state: "valid", reason: null },
  provenance: { state: "missing", reason: "its author published none" },
  providers: [
    {
      id: "acme",
      title: "Acme Cloud",
      flows: ["browser", "paste"],
      hosts: [
        "https://login.acme.example",
        "https://accounts.eu-central-1.acme-cloud-services.example",
        "configured",
      ],
    },
  ],
  commands: ["acme hello"],
  added: null,
  installed: null,
  installScripts: ["@acme/meshauth-provider", "esbuild"],
  dependencies: 12,
  size: { files: 1_234, bytes: 3_500_000, totalBytes: 40_000_000 },
  conformance: true,
};

const text = (facts: Partial<PackageFacts>) => introduction({ ...FACTS, ...facts }, NOW).join("\n");

describe("what is shown before an installation", () => {
  it("fits into 80 columns, and says it all", () => {
    expect(introduction(FACTS, NOW)).toEqual([
      "@acme/meshauth-provider 1.2.3 from the npm registry at",
      "https://registry.acme.example",
      "  publisher   alice (maintainers: alice, bob)",
      "  published   3 days ago (2026-06-12); its first version 3 years ago",
      "              (2023-06-01)",
      "  signature   good, as npm has checked",
      "  provenance  none: its author published none",
      "  provider    acme (Acme Cloud): browser, paste; declares that it talks to",
      "              https://login.acme.example,",
      "              https://accounts.eu-central-1.acme-cloud-services.example, an",
      "              address that you give",
      "  command     acme hello",
      "  scripts     install scripts, never run: its own, of esbuild",
      "  size        1,234 files, 3.3 MB",
      "  brings      12 other packages, 38.1 MB in all",
      "  statement   meshauth-conformance.json, by its author",
      "Its code will run with your rights and can read the credentials that you sign",
      "in with.",
    ]);
    const every = [
      ...introduction(FACTS, NOW),
      ...introduction({ ...FACTS, source: { kind: "folder", from: "/home/acme" } }, NOW),
    ];
    for (const line of every) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it("marks what the installed version did not have", () => {
    const installed = {
      version: "1.0.0",
      source: "@acme/meshauth-provider@latest",
      publisher: null,
      sameSource: true,
    };
    const added = {
      ...NONE,
      commands: ["acme hello"],
      hosts: [{ provider: "acme", host: "configured" }],
      flows: [{ provider: "acme", flow: "paste" }],
    };
    const shown = text({ installed, added }).replace(/\s+/g, " ");
    expect(shown).toContain("installed 1.0.0, from @acme/meshauth-provider@latest publisher");
    expect(shown).toContain("browser, paste (new); declares");
    expect(shown).toContain("an address that you give (new)");
    expect(shown).toContain("acme hello (new)");
    expect(text({ installed, added: NONE })).not.toMatch(/\(new\)|no longer/);
    expect(text({ installed, added: { ...NONE, goneHosts: ["https://old.acme.example"] } })).toContain(
      "  gone        https://old.acme.example is declared no longer",
    );
    expect(text({ installed, added: { ...NONE, providers: ["acme"] } })).toContain(
      "acme (Acme Cloud) (new): browser",
    );
  });

  it("says when somebody else published it than the installed one", () => {
    const installed = { version: "1.0.0", source: "acme@latest", publisher: "carol", sameSource: true };
    expect(text({ installed, added: NONE }).replace(/\s+/g, " ")).toContain(
      "publisher alice (maintainers: alice, bob); the installed version is carol's",
    );
    expect(text({ installed: { ...installed, publisher: "alice" }, added: NONE })).not.toContain("alice's");
  });

  it("says when it comes from elsewhere than the installed one", () => {
    const installed = { version: null, source: "acme@latest", publisher: null, sameSource: false };
    expect(text({ installed, added: NONE }).replace(/\s+/g, " ")).toContain(
      "an unreadable version, from acme@latest: this one comes from elsewhere",
    );
  });

  it("says what nobody can tell, and why", () => {
    const unknown = {
      publisher: null,
      published: null,
      unknown: "the registry cannot be reached (ECONNRESET)",
    };
    const claim = { state: "not-available", reason: "there was no answer within 20 s" } as const;
    const shown = text({ ...unknown, signature: claim, provenance: claim }).replace(/\s+/g, " ");
    expect(shown).toContain("publisher not available: the registry cannot be reached (ECONNRESET)");
    expect(shown).toContain("published not available: the registry cannot be reached (ECONNRESET)");
    expect(shown).toContain("signature not available: there was no answer within 20 s");
    expect(
      text({ publisher: { user: null, maintainers: [] }, published: { version: null, first: null } }),
    ).toContain("publisher   not available: the registry does not tell");
    const local = {
      ...unknown,
      unknown: "it does not come from a registry",
      source: { kind: "tarball", from: "/tmp/a.tgz" },
    } as const;
    expect(text(local).replace(/\s+/g, " ")).toContain(
      "registry publisher, age, signature and provenance are not available: it does not come from a registry",
    );
  });

  it.each([
    ["2026-06-15T11:59:30.000Z", "0 minutes ago"],
    ["2026-06-15T11:00:00.000Z", "60 minutes ago"],
    ["2026-06-14T12:00:00.000Z", "24 hours ago"],
    ["2026-05-01T12:00:00.000Z", "45 days ago"],
    ["2025-06-15T12:00:00.000Z", "12 months ago"],
    ["2030-01-01T00:00:00.000Z", "0 minutes ago"],
  ])("%s is %s", (version, age) => {
    expect(text({ published: { version, first: version } })).toContain(
      `${age} (${version.slice(0, 10)}); it is the first`,
    );
  });
});

describe("what is shown before a first use", () => {
  it("fits into 80 columns but for the digests, and says who, which version, which files, which hosts and which rights", () => {
    const [provider] = FACTS.providers;
    if (!provider) throw new Error("There is none.");
    const entry = {
      ...provider,
      flows: ["browser"],
      hosts: provider.hosts,
      summary: "x",
      module: "./x.js",
    } as const;
    const record = {
      version: "1.2.3",
      digest: `sha512-${"B".repeat(86)}==`,
      integrity: FACTS.integrity,
      source: "@acme/meshauth-provider@latest",
      publisher: "alice",
      installedAt: "2026-06-12T01:02:03.000Z",
      consentedAt: null,
    };
    const use = {
      name: FACTS.package,
      version: "1.2.3",
      record,
      digest: record.digest,
      providers: [{ entry }],
      commands: ["acme hello"],
    };
    const lines = firstUseText(use);
    const shown = lines.join("\n").replace(/\s+/g, " ");
    for (const part of [
      "@acme/meshauth-provider 1.2.3 may not run yet: it is new here. publisher",
      "publisher alice",
      "installed 2026-06-12, from @acme/meshauth-provider@latest",
      `integrity ${record.integrity}`,
      `files ${record.digest}`,
      "acme (Acme Cloud): browser; it declares that it talks to https://login.acme.example,",
      "command acme hello",
      "rights all of yours",
    ])
      expect(shown).toContain(part);
    for (const line of lines.filter((one) => !one.includes("sha512-")))
      expect(line.length, line).toBeLessThanOrEqual(80);
    const lapsed = (reason: "withdrawn" | "updated" | "moved") =>
      firstUseText({ ...use, record: { ...record, lapsed: reason } }).join(" ");
    expect(lapsed("withdrawn")).toContain("its permission was withdrawn.");
    expect(lapsed("updated")).toContain("it was updated.");
    expect(lapsed("moved").replace(/\s+/g, " ")).toContain("a package that it needs is another now.");
    const bare = firstUseText({ ...use, record: undefined }).join("\n");
    expect(bare).toMatch(/publisher +not known\n {2}installed +not by meshauth\n {2}integrity +not known/);
  });
});
