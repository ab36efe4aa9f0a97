import { describe, expect, it } from "vitest";
import { buildRegistry, type Candidate } from "../../src/registry/index.js";
import { entry, folder, pjson, writePackage } from "./support.js";

async function builtIns(root: string): Promise<Candidate[]> {
  const write = (name: string, provider: Record<string, unknown>) =>
    writePackage(root, name, pjson(name, [provider]), undefined, "built-in");
  return [
    await write("@meshauth/provider-none", entry("none", { title: "None", serverNames: ["None", "Local"] })),
    await write(
      "@meshauth/provider-layer5",
      entry("layer5", { title: "Layer5", serverNames: ["Layer5", "Meshery"] }),
    ),
  ];
}

async function reasonFor(name: string, provider: Record<string, unknown>, reservedPackages: string[] = []) {
  const root = await folder();
  const other = await writePackage(root, name, pjson(name, [provider]));
  const { problems, providers } = await buildRegistry([other, ...(await builtIns(root))], {
    reservedPackages,
  });
  expect(providers.map((installed) => installed.entry.id).slice(0, 2)).toEqual(["layer5", "none"]);
  return problems[0]?.reason;
}

describe("buildRegistry", () => {
  it("orders built-in providers first, then by package name, whatever the order given", async () => {
    const root = await folder();
    const candidates = [
      await writePackage(root, "zeta", pjson("zeta", [entry("alpha")])),
      ...(await builtIns(root)),
      await writePackage(root, "beta", pjson("beta", [entry("zulu"), entry("yankee")]), undefined, "link"),
      await writePackage(root, "gamma", "broken"),
    ];
    const expected = await buildRegistry(candidates);
    expect(expected.providers.map(({ entry: { id } }) => id)).toEqual([
      "layer5",
      "none",
      "zulu",
      "yankee",
      "alpha",
    ]);
    expect(expected.problems.map((problem) => problem.package)).toEqual(["gamma"]);
    expect(await buildRegistry([...candidates].reverse())).toEqual(expected);
  });

  it("gives an id that two packages claim to the first by name, every time", async () => {
    const root = await folder();
    const candidates = [
      await writePackage(root, "pkg-b", pjson("pkg-b", [entry("acme")])),
      await writePackage(root, "pkg-a", pjson("pkg-a", [entry("acme")])),
    ];
    for (let run = 0; run < 10; run++) {
      const { providers, problems } = await buildRegistry(candidates);
      expect(providers.map((installed) => installed.package)).toEqual(["pkg-a"]);
      expect(problems).toEqual([
        {
          package: "pkg-b",
          origin: "user",
          reason: 'Its provider id "acme" is taken by pkg-a.',
          next: "meshauth plugins uninstall pkg-b",
        },
      ]);
    }
  });

  it("leaves a package out as a whole when one of its providers cannot be taken", async () => {
    expect(await reasonFor("pair", { ...entry("fresh") })).toBeUndefined();
    const root = await folder();
    const pair = await writePackage(root, "pair", pjson("pair", [entry("fresh"), entry("none")]));
    const { providers } = await buildRegistry([pair, ...(await builtIns(root))]);
    expect(providers.map((installed) => installed.package)).not.toContain("pair");
  });

  it("takes a package once", async () => {
    const root = await folder();
    const once = await writePackage(root, "acme", pjson("acme", [entry("acme")]));
    const { providers, problems } = await buildRegistry([once, { ...once, origin: "link" }]);
    expect(providers.map(({ origin }) => origin)).toEqual(["link"]);
    expect(problems.map(({ reason }) => reason)).toEqual(['Its provider id "acme" is taken by acme.']);
  });

  it("a later package may not answer to a name that another one has", async () => {
    const root = await folder();
    const first = await writePackage(root, "a", pjson("a", [entry("acme", { serverNames: ["Acme Cloud"] })]));
    const second = await writePackage(
      root,
      "b",
      pjson("b", [entry("other", { serverNames: ["ACME cloud"] })]),
    );
    expect((await buildRegistry([first, second])).problems[0]?.reason).toBe(
      'The name "Acme Cloud" is taken by a.',
    );
  });

  it("the providers of one package may share a name", async () => {
    const pair = [entry("acme", { serverNames: ["Acme"] }), entry("acme-ci", { serverNames: ["Acme"] })];
    const { providers } = await buildRegistry([await writePackage(await folder(), "a", pjson("a", pair))]);
    expect(providers).toHaveLength(2);
  });
});

describe("A22: names and look-alikes of built-in providers", () => {
  it.each(["layer5", "none"])("id %s", async (id) => {
    expect(await reasonFor("evil", entry(id))).toMatch(
      new RegExp(`^Its provider id "${id}" is taken by @meshauth/provider-${id}`),
    );
  });

  it.each(["layer-5", "layers", "iayer5", "layer55", "layer", "laeyr5", "n-one", "n0ne"])(
    "id %s",
    async (id) => {
      expect(await reasonFor("evil", entry(id))).toMatch(/ may be taken for the built-in "(layer5|none)"\.$/);
    },
  );

  it.each(["Layer5", "LAYER 5", "Lаyer5", "Ｌａｙｅｒ５", "Láyer5", "NONE"])("title %s", async (title) => {
    expect(await reasonFor("evil", entry("evil", { title }))).toMatch(/ may be taken for the built-in /);
  });

  it.each(["Meshery", "local", "Layer5", "M3shery"])("server name %s", async (serverName) => {
    expect(await reasonFor("evil", entry("evil", { serverNames: [serverName] }))).toMatch(
      / may be taken for the built-in /,
    );
  });

  it.each(["layer5-sso", "node", "acme", "keycloak", "okta", "locale"])(
    "%s is a name of its own",
    async (id) => {
      expect(await reasonFor("fine", entry(id))).toBeUndefined();
    },
  );

  it.each(["Асme", "Okτa", "Ꭺcme Cloud"])("title %s, of several alphabets", async (title) => {
    expect(await reasonFor("evil", entry("evil", { title }))).toMatch(/ has letters of several alphabets /);
  });

  it.each(["Лауег5", "ӏауеr5"])("title %s", async (title) => {
    expect(await reasonFor("evil", entry("evil", { title }))).toBeDefined();
  });

  it.each(["lаyer5", "ӏayer5", "ｌayer5", "ⅼayer5", "läyer5"])(
    "id %s is none: letters beyond a to z",
    async (id) => {
      expect(await reasonFor("evil", entry(id))).toMatch(/\.id is ".+": it must be a lower-case letter/);
    },
  );

  it.each(["Вход в облако", "Σύνδεση", "メシェリー Cloud", "Café Mesh", "企業SSO"])(
    "title %s is a name of its own",
    async (title) => {
      expect(await reasonFor("fine", entry("fine", { title }))).toBeUndefined();
    },
  );

  it.each([
    ["@meshauth/provider-layer5", "Its name belongs to a part of meshauth."],
    ["@meshauth/provider-layers", "Its name may be taken for @meshauth/provider-layer5, a part of meshauth."],
    ["@rneshauth/provider-none", "Its name may be taken for @meshauth/provider-none, a part of meshauth."],
    ["@meshauth/cli", "Its name belongs to a part of meshauth."],
  ])("package %s", async (name, reason) => {
    const root = await folder();
    const evil = await writePackage(`${root}/user`, name, pjson(name, [entry("evil")]));
    const { problems, providers } = await buildRegistry([evil, ...(await builtIns(root))], {
      reservedPackages: ["@meshauth/cli"],
    });
    expect(problems).toEqual([expect.objectContaining({ package: name, reason })]);
    expect(providers).toHaveLength(2);
  });

  it("a built-in that is broken keeps its names", async () => {
    const root = await folder();
    const broken = await writePackage(root, "@meshauth/provider-layer5", "{", {}, "built-in");
    const evil = await writePackage(root, "evil", pjson("evil", [entry("layer5")]));
    const { providers, problems } = await buildRegistry([broken, evil]);
    expect(providers).toEqual([]);
    expect(problems.map(({ reason }) => reason)).toEqual([
      "Its package.json is not JSON.",
      'Its name "layer5" may be taken for the built-in "layer5".',
    ]);
  });

  it("first-party packages of the same family are welcome", async () => {
    expect(await reasonFor("@meshauth/provider-okta", entry("okta"))).toBeUndefined();
  });
});
