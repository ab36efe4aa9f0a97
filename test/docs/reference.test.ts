import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PROVIDER_API } from "@meshauth/provider-api";
import { describe, expect, test } from "vitest";
import { RESERVED_OPTIONS } from "../../packages/core/src/registry/reserved.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

test("the contract's page and the report of its types are up to date", () => {
  const script = join(root, "scripts/reference.mjs");
  const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

describe.each(["provider-api", "format"])("the public types of %s", (name) => {
  /** A report's declarations; what is in a comment does not count. */
  const types = (path: string): string =>
    read(path)
      .replace(/\/\*\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")
      .replace(/\s+/g, " ");

  test("change with the version of the contract only", () => {
    const version = `${PROVIDER_API.major}.${PROVIDER_API.minor}`;
    expect(types(`packages/provider-api/api/${name}.api.md`)).toBe(
      types(`test/compat/contract-${version}/${name}.api.md`),
    );
  });
});

test("the page names every option that a provider may not have", () => {
  const [, section = ""] = /^### OptionSpec$(.*?)^### /ms.exec(read("docs/provider-contract.md")) ?? [];
  const [, text = ""] = /^- `name: string`$(.*?)^- /ms.exec(section) ?? [];
  const named = Array.from(text.matchAll(/`([\w-]+)`/g), ([, word]) => word);
  expect([...RESERVED_OPTIONS].filter((option) => !named.includes(option))).toEqual([]);
});
