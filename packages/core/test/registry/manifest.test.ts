import { describe, expect, it } from "vitest";
import { inspectPackage } from "../../src/registry/index.js";
import { entry, folder, pjson, writePackage } from "./support.js";

const NAME = "acme-provider";

/** The reason for which a package with this declaration is refused. */
async function reasonFor(meshauth: unknown): Promise<string | undefined> {
  const candidate = await writePackage(await folder(), NAME, pjson(NAME, [], { meshauth }));
  return (await inspectPackage(candidate)).problem?.reason;
}

const withEntry = (other: Record<string, unknown>) =>
  reasonFor({ api: "1.0", providers: [entry("acme", other)] });
const withOption = (other: Record<string, unknown>) =>
  withEntry({ options: [{ name: "tenant", type: "string", summary: "The tenant.", ...other }] });

describe("a declaration in order", () => {
  it("is reduced to the contract's members and frozen", async () => {
    const options = [
      {
        name: "tenant",
        type: "string",
        summary: "The tenant.",
        required: true,
        env: "ACME_TENANT",
        values: ["eu-1", "us"],
      },
      { name: "size", type: "integer", summary: "How many.", min: 1, max: 9, placeholder: "N" },
      { name: "source", type: "file", summary: "A file.", argument: true },
      { name: "quick", type: "boolean", summary: "No questions." },
    ];
    const given = entry("acme", {
      serverNames: ["Acme"],
      hosts: ["https://login.acme.example", "http://localhost:8080", "configured"],
      options,
    });
    const root = await folder();
    const candidate = await writePackage(
      root,
      NAME,
      pjson(NAME, [{ ...given, later: true, options: [{ ...options[0], later: 1 }, ...options.slice(1)] }]),
    );
    const report = await inspectPackage(candidate);
    expect(report.problem).toBeUndefined();
    expect(report.providers).toEqual([
      {
        entry: given,
        package: NAME,
        version: "1.2.3",
        origin: "user",
        api: { major: 1, minor: 0 },
        root: candidate.root,
        modulePath: `${candidate.root}/index.js`,
      },
    ]);
    const frozen = report.providers[0]?.entry;
    expect(Object.isFrozen(frozen) && Object.isFrozen(frozen?.options?.[0]?.values)).toBe(true);
  });

  it("may hold several providers", async () => {
    const candidate = await writePackage(
      await folder(),
      NAME,
      pjson(NAME, [entry("acme"), entry("acme-ci")]),
    );
    expect((await inspectPackage(candidate)).providers.map((provider) => provider.entry.id)).toEqual([
      "acme",
      "acme-ci",
    ]);
  });
});

describe("the reason names the member that is wrong", () => {
  it.each<[unknown, string]>([
    [null, "meshauth is null, not an object."],
    ["1.0", "meshauth is a string, not an object."],
    [[], "meshauth is a list, not an object."],
    [{ providers: [entry("acme")] }, 'meshauth.api is missing, not a version such as "1.0".'],
    [{ api: 1, providers: [entry("acme")] }, 'meshauth.api is a number, not a version such as "1.0".'],
    [{ api: "1", providers: [entry("acme")] }, 'meshauth.api is "1", not a version such as "1.0".'],
    [{ api: "1.0", providers: {} }, "meshauth.providers is an object, not a list."],
    [{ api: "1.0" }, "meshauth.providers names no provider."],
    [{ api: "1.0", providers: [] }, "meshauth.providers names no provider."],
    [{ api: "1.0", providers: ["acme"] }, "meshauth.providers[0] is a string, not an object."],
    [{ api: "1.0", providers: [entry("acme"), entry("acme")] }, 'meshauth.providers names "acme" twice.'],
    [
      { api: "1.0", providers: Array.from({ length: 33 }, (_, n) => entry(`a${n}`)) },
      "meshauth.providers has more than 32 members.",
    ],
  ])("%j", async (meshauth, reason) => {
    expect(await reasonFor(meshauth)).toBe(reason);
  });

  it.each(["Acme", "1acme", "-acme", "a_b", "а", "", "a".repeat(33), "__proto__", 7, null])(
    "id %j",
    async (id) => {
      expect(await withEntry({ id })).toMatch(
        /^meshauth\.providers\[0\]\.id is .*: it must be a lower-case letter/,
      );
    },
  );

  it.each<[Record<string, unknown>, string]>([
    [{ title: undefined }, "title is missing, not text."],
    [{ title: "  " }, "title is empty."],
    [{ title: " Acme" }, "title begins or ends with a space."],
    [{ title: "a".repeat(41) }, "title is longer than 40 characters."],
    [{ title: "Ac\u001b[31mme" }, "title holds a control or format character."],
    [{ title: "Ac\u202eme" }, "title holds a control or format character."],
    [{ summary: "two\nlines" }, "summary holds a control or format character."],
    [{ summary: "a".repeat(121) }, "summary is longer than 120 characters."],
    [{ summary: "<%= process.exit(3) %>" }, "summary holds one of <% %> ` $ \\, which are not allowed."],
    [{ summary: "$(touch marker)" }, "summary holds one of <% %> ` $ \\, which are not allowed."],
    [{ summary: "`touch marker`" }, "summary holds one of <% %> ` $ \\, which are not allowed."],
    [
      { module: "index.js" },
      'module is "index.js", not the path of a .js, .mjs or .cjs file that begins with "./".',
    ],
    [
      { module: "./../index.js" },
      'module is "./../index.js", not the path of a .js, .mjs or .cjs file that begins with "./".',
    ],
    [
      { module: "./a/../../x.js" },
      'module is "./a/../../x.js", not the path of a .js, .mjs or .cjs file that begins with "./".',
    ],
    [
      { module: ".//etc/x.js" },
      'module is ".//etc/x.js", not the path of a .js, .mjs or .cjs file that begins with "./".',
    ],
    [
      { module: "./data.json" },
      'module is "./data.json", not the path of a .js, .mjs or .cjs file that begins with "./".',
    ],
    [{ flows: undefined }, "flows names no flow."],
    [{ flows: [] }, "flows names no flow."],
    [{ flows: "browser" }, "flows is a string, not a list."],
    [{ flows: ["telepathy"] }, 'flows holds "telepathy", not one of browser, device, paste, file, local.'],
    [{ flows: ["file", "file"] }, 'flows names "file" twice.'],
    [{ serverNames: "Acme" }, "serverNames is a string, not a list."],
    [{ serverNames: [""] }, "serverNames[0] is empty."],
    [{ serverNames: [1] }, "serverNames[0] is a number, not text."],
    [{ serverNames: ['A"B'] }, "serverNames[0] has a semicolon, quote or backslash."],
    [{ serverNames: ["A", "A"] }, 'serverNames names "A" twice.'],
    [{ options: {} }, "options is an object, not a list."],
    [{ options: [3] }, "options[0] is a number, not an object."],
  ])("entry %j", async (other, reason) => {
    expect(await withEntry(other)).toBe(`meshauth.providers[0].${reason}`);
  });

  it.each([
    "acme.example",
    "http://acme.example",
    "https://acme.example/",
    "https://acme.example/x",
    "https://u:p@acme.example",
    "ftp://a",
    "*",
    3,
  ])("host %j", async (host) => {
    expect(await withEntry({ hosts: [host] })).toMatch(
      /^meshauth\.providers\[0\]\.hosts\[0\] is .*, neither "configured" nor/,
    );
  });

  it.each<[Record<string, unknown>, string]>([
    [{ name: "Tenant" }, 'name is "Tenant": it must be a lower-case letter'],
    [{ name: "a b" }, 'name is "a b": it must be a lower-case letter'],
    [{ type: "number" }, 'type is "number", not one of string, boolean, integer, url, file.'],
    [{ type: undefined }, "type is missing, not one of string"],
    [{ summary: undefined }, "summary is missing, not text."],
    [{ argument: "yes" }, "argument is a string, not true or false."],
    [{ type: "boolean", argument: true }, "argument makes no sense for a boolean."],
    [{ type: "boolean", required: true }, "required makes no sense for a boolean."],
    [{ placeholder: "the url" }, 'placeholder is "the url", not capitals, such as URL.'],
    [{ env: "acme" }, 'env is "acme", not the name of an environment variable in capitals.'],
    [{ env: 4 }, "env is a number, not the name of an environment variable in capitals."],
    [{ values: [] }, "values is empty."],
    [{ values: ["a", "a"] }, 'values names "a" twice.'],
    [{ values: ["a b"] }, 'values[0] is "a b", not a word of letters, digits and . _ : / @ + -.'],
    [{ values: ["$(touch marker)"] }, 'values[0] is "$(touch marker)", not a word'],
    [{ type: "url", values: ["https://a.example"] }, "values is for the type string only."],
    [{ min: 1 }, "min is for the type integer only."],
    [{ type: "integer", min: 1.5 }, "min is a number, not a whole number."],
    [{ type: "integer", min: 3, max: 2 }, "min is greater than its max."],
  ])("option %j", async (other, reason) => {
    expect(await withOption(other)).toContain(`meshauth.providers[0].options[0].${reason}`);
  });

  it("two options with one name, two arguments", async () => {
    const option = { name: "tenant", type: "string", summary: "The tenant." };
    expect(await withEntry({ options: [option, option] })).toBe(
      'meshauth.providers[0].options names "tenant" twice.',
    );
    expect(
      await withEntry({
        options: [
          { ...option, argument: true },
          { ...option, name: "b", argument: true },
        ],
      }),
    ).toBe('meshauth.providers[0].options has more than one option with "argument".');
  });

  it.each([
    "json",
    "help",
    "force",
    "context",
    "config",
    "server",
    "timeout",
    "no-input",
    "no-color",
    "expect-account",
    "skip-verify",
    "token-stdin",
    "explain",
    "start",
    "complete",
    "provider",
    "no-browser",
    "port",
    "paste",
    "c",
    "p",
    "h",
  ])("an option that collides with --%s", async (name) => {
    expect(await withOption({ name })).toBe(
      `meshauth.providers[0].options[0].name is "${name}", a flag of every login.`,
    );
  });

  it("leaves objects alone that only look like data: __proto__ in the file", async () => {
    const text = JSON.stringify(pjson(NAME, [entry("acme")])).replace(
      '"id":"acme"',
      '"__proto__":{"id":"acme"}',
    );
    const candidate = await writePackage(await folder(), NAME, text);
    expect((await inspectPackage(candidate)).problem?.reason).toMatch(/\.id is missing/);
    expect(({} as Record<string, unknown>)["id"]).toBeUndefined();
  });
});
