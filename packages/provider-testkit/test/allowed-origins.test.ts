import type { ProviderEntry } from "@meshauth/provider-api";
import { expect, test } from "vitest";
import { isAllowed } from "../src/bench/allowed-origins.js";

const ORIGIN = "https://quay.example";
const url = { name: "url", type: "url", summary: "Address of Quay" } as const;
const file = { name: "file", type: "file", summary: "Key file" } as const;
const entry = {
  hosts: ["https://other.example", "configured"],
  options: [url, file],
} satisfies Partial<ProviderEntry>;

/** What a login was given, at an example whose server is at the origin. */
const given = (options: Readonly<Record<string, string>>) => ({
  request: { options, force: false },
  origins: [ORIGIN],
  mesheryServer: "http://nowhere",
  nowhere: "http://nowhere",
});

test("where a login goes without its address has to be declared, whatever the example's servers are", () => {
  expect(isAllowed(ORIGIN, entry, given({}))).toBe(false);
  expect(isAllowed(ORIGIN, { ...entry, hosts: [ORIGIN, "configured"] }, given({}))).toBe(true);
});

test("an address may come by its option, in a file, from the Meshery Server or in answers", () => {
  expect(isAllowed(ORIGIN, entry, given({ url: ORIGIN }))).toBe(true);
  expect(isAllowed(ORIGIN, entry, given({ file: "key.json" }))).toBe(true);
  expect(isAllowed(ORIGIN, entry, { ...given({}), mesheryServer: "http://meshery" })).toBe(true);
  expect(isAllowed(ORIGIN, { hosts: ["configured"] }, given({}))).toBe(true);
});
