import { describe, expect, test } from "vitest";
import type { Case } from "../src/cases/case.js";
import { CASES } from "../src/cases/index.js";
import { runCases } from "../src/run-conformance.js";
import { copyFixture, failures } from "./support/fixture.js";
import { MUTANTS } from "./support/mutants/index.js";

/** One of every sort; the trials try each mutant against every case. */
const TEN = [
  "login.cancelled",
  "login.server-html",
  "browser.wrong",
  "token.malformed",
  "options.required",
  "refresh.rotated",
  "revoke.unreachable",
  "always.prints-nothing",
  "always.writes-nothing",
  "always.keeps-secrets",
];

/** The cases of these ids and those that they need. */
function withNeeds(ids: readonly string[]): readonly Case[] {
  const wanted = new Set(ids);
  for (const { id, needs } of [...CASES].reverse())
    if (wanted.has(id)) for (const one of needs) wanted.add(one);
  return CASES.filter(({ id }) => wanted.has(id));
}

describe("a broken provider is caught by the case that is there for it", () => {
  test.each(TEN)("%s", async (id) => {
    const mutant = MUTANTS.find(({ caughtBy }) => caughtBy[0] === id);
    const { root, remove } = await copyFixture(mutant?.flavour ?? "file", mutant?.edits);
    try {
      const report = await runCases({ root }, withNeeds(["login.success", id]));
      expect(failures(report).map((failure) => failure.id)).toEqual([id]);
      expect(report.ok).toBe(false);
    } finally {
      await remove();
    }
  });
});

const REGISTERED = {
  file: "index.js",
  from: "const receiver = await host.listen({",
  to: 'const receiver = await host.listen({ redirectUri: "http://127.0.0.1/callback",',
};

test.each([
  ["sends a state of its own", REGISTERED, "Receiver.state"],
  [
    "is not of this machine",
    { ...REGISTERED, to: REGISTERED.to.replace("127.0.0.1", "id.harbor.example") },
    "plain http",
  ],
])("a login with a registered redirect address that %s is told so", async (_, edit, reason) => {
  const { root, remove } = await copyFixture("browser", [edit]);
  try {
    const found = failures(await runCases({ root }, withNeeds(["login.success"])));
    expect(found).toEqual([{ id: "login.success", reason: expect.stringContaining(reason) }]);
  } finally {
    await remove();
  }
});

test("every broken provider can be made: what it changes is there once", async () => {
  for (const { name, flavour, edits } of MUTANTS) {
    const { remove } = await copyFixture(flavour, edits).catch((error: unknown) => {
      throw new Error(`${name}: ${String(error)}`);
    });
    await remove();
  }
});

test("the address that a login puts into its credential by itself has to be declared", async () => {
  const { root, remove } = await copyFixture("token", [
    { file: "package.json", from: '"required": true,', to: '"required": false,' },
    {
      file: "index.js",
      from: "(request.options.url)",
      to: '(request.options.url ?? "https://quay.example")',
    },
    { file: "index.js", from: "    await whoIs(token, origin, host);", to: "" },
  ]);
  try {
    const report = await runCases({ root }, withNeeds(["options.optional", "always.declared-hosts"]));
    expect(failures(report).map(({ id }) => id)).toEqual(["always.declared-hosts"]);
  } finally {
    await remove();
  }
});

test("a login that cannot be cancelled is told by the host's function, and not waited for once more", async () => {
  const mutant = MUTANTS.find(({ caughtBy }) => caughtBy[0] === "login.cancelled");
  const { root, remove } = await copyFixture(mutant?.flavour ?? "file", mutant?.edits);
  try {
    const report = await runCases({ root }, withNeeds(["login.cancelled", "login.timed-out"]));
    const [failure] = failures(report);
    expect(failure?.reason).toContain("is cancelled right after it waited for receiver.wait\n");
    expect(report.providers[0]?.cases.at(-1)).toMatchObject({
      id: "login.timed-out",
      reason: "It needs login.cancelled, which failed.",
    });
  } finally {
    await remove();
  }
});

test("what is said of a token response that is odd is looked at too", async () => {
  const mutant = MUTANTS.find(({ name }) => name === "shows the tokens when their type is unknown");
  const { root, remove } = await copyFixture(mutant?.flavour ?? "file", mutant?.edits);
  try {
    const report = await runCases({ root }, withNeeds(["login.success", "always.keeps-secrets"]));
    expect(failures(report).map(({ id }) => id)).toEqual(["always.keeps-secrets"]);
  } finally {
    await remove();
  }
});

test("for every case there is a provider that it catches", () => {
  const caught = new Set(MUTANTS.flatMap(({ caughtBy }) => caughtBy));
  expect(CASES.map(({ id }) => id).filter((id) => !caught.has(id))).toEqual([]);
});
