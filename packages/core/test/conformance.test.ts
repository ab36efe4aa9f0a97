import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CONFORMANCE_FILE, readConformance } from "../src/conformance.js";
import type { InstalledProvider } from "../src/index.js";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "meshauth-conformance-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const REPORT = {
  kit: "0.1.0",
  contract: "1.0",
  package: "acme-package",
  version: "1.2.3",
  at: "2026-01-31T12:00:00Z",
  ok: true,
  providers: [
    { id: "other", cases: [{ id: "a.b", title: "T", result: "fail", reason: "R" }] },
    {
      id: "acme",
      cases: [
        { id: "a.b", title: "T", result: "pass", reason: null },
        { id: "a.c", title: "T", result: "skip", reason: "R" },
      ],
    },
  ],
};

const acme = (): Pick<InstalledProvider, "root" | "package" | "entry"> => ({
  root,
  package: "acme-package",
  entry: { id: "acme", title: "Acme", summary: "Acme", module: "./index.js", flows: ["local"] },
});

const put = (content: unknown): Promise<void> =>
  writeFile(join(root, CONFORMANCE_FILE), typeof content === "string" ? content : JSON.stringify(content));

describe("the report that a package ships", () => {
  test("is counted for one provider", async () => {
    await put(REPORT);
    expect(await readConformance(acme())).toEqual({
      kit: "0.1.0",
      contract: "1.0",
      version: "1.2.3",
      at: "2026-01-31T12:00:00.000Z",
      ok: true,
      passed: 1,
      failed: 0,
      skipped: 1,
    });
  });

  test("says what its cases say, not what it says of itself", async () => {
    await put({ ...REPORT, ok: true, providers: [{ id: "acme", cases: REPORT.providers[0]?.cases }] });
    expect(await readConformance(acme())).toMatchObject({ ok: false, passed: 0, failed: 1 });
    await put({ ...REPORT, providers: [{ id: "acme", cases: [{ result: "pass" }, { result: "fine" }] }] });
    expect(await readConformance(acme())).toMatchObject({ ok: false, passed: 1 });
    await put({ ...REPORT, providers: [{ id: "acme", cases: [] }] });
    expect(await readConformance(acme())).toMatchObject({ ok: false });
  });

  test.each([
    ["is not there", undefined],
    ["is no JSON", "{"],
    ["is no object", []],
    ["is about another package", { ...REPORT, package: "layer5-package" }],
    ["is about no such provider", { ...REPORT, providers: [] }],
    ["has no version", { ...REPORT, version: undefined }],
    ["has a version that acts on a terminal", { ...REPORT, version: "1\u001b[31m" }],
    ["has a kit that is no text", { ...REPORT, kit: { toString: "x" } }],
    ["has no time", { ...REPORT, at: "yesterday" }],
    ["has far too many cases", { ...REPORT, providers: [{ id: "acme", cases: Array(501).fill({}) }], x: 1 }],
    ["is larger than 1 MiB", { ...REPORT, padding: "x".repeat(1024 * 1024) }],
  ])("that %s is none", async (what, content) => {
    if (content !== undefined) await put(content);
    const found = await readConformance(acme());
    if (what === "has far too many cases") expect(found).toMatchObject({ ok: false, passed: 0 });
    else expect(found).toBeNull();
  });

  test("that is a link out of the package is none", async () => {
    const outside = await mkdtemp(join(tmpdir(), "meshauth-outside-"));
    await writeFile(join(outside, "report.json"), JSON.stringify(REPORT));
    await symlink(join(outside, "report.json"), join(root, CONFORMANCE_FILE));
    expect(await readConformance(acme())).toBeNull();
    await rm(outside, { recursive: true });
  });
});
