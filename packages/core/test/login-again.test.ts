import { PROVIDER_API } from "@meshauth/provider-api";
import { expect, test } from "vitest";
import { MeshauthError } from "../src/errors/error.js";
import { adviseAgain, againOf, loginAgain, stepAgain } from "../src/login/again.js";
import type { InstalledProvider } from "../src/registry/index.js";

const provider = { id: "oidc" };
const made = { provider, again: "meshauth login work" };

test.each([
  ["meshauth login", "meshauth login work"],
  ["meshauth login oidc", "meshauth login work"],
  ["meshauth login oidc --no-browser", "meshauth login work --no-browser"],
  ["meshauth login oidc2 --no-browser", "meshauth login oidc2 --no-browser"],
  ["meshauth login --complete abc", "meshauth login --complete abc"],
  ["meshauth login none", "meshauth login none"],
  ["meshauth provider show oidc", "meshauth provider show oidc"],
])("%s", (step, expected) => {
  expect(stepAgain(step, made)).toBe(expected);
  for (const other of [undefined, { provider }, { provider, again: "rm -rf ." }])
    expect(stepAgain(step, other)).toBe(step);
});

test("a step with flags is left as it is where the sign-in was told more than a name", () => {
  const told = { provider, again: "meshauth login oidc --issuer https://a.example --client-id cli" };
  expect(stepAgain("meshauth login", told)).toBe(told.again);
  expect(stepAgain("meshauth login oidc", told)).toBe(told.again);
  expect(stepAgain("meshauth login oidc --issuer URL", told)).toBe("meshauth login oidc --issuer URL");
});

test("without settings, and with what is no command of ours, it is the login", () => {
  expect(loginAgain(undefined)).toBe("meshauth login");
  for (const again of [
    "rm -rf .",
    "meshauth",
    "meshauth login\u0007 x",
    `meshauth login ${"x".repeat(3_000)}`,
  ])
    expect(loginAgain({ provider, again })).toBe("meshauth login");
  expect(loginAgain(made)).toBe("meshauth login work");
});

/** A provider that has to be told an address, and may be told more. */
const installed = (required: boolean): InstalledProvider => ({
  entry: {
    ...{ id: "acme", title: "Acme", summary: "Sign in at Acme", module: "./index.js", flows: ["browser"] },
    options: [
      { name: "base", type: "url", summary: "Address", required },
      { name: "level", type: "integer", summary: "Level" },
      { name: "fast", type: "boolean", summary: "Fast" },
      { name: "file", type: "file", summary: "File", argument: true, required: true },
    ],
  },
  ...{ package: "acme", version: "1.0.0", origin: "user", api: PROVIDER_API, root: "/", modulePath: "/" },
});

test.each<[string, Parameters<typeof againOf>[0], string | undefined]>([
  [
    "what it was told",
    { provider: installed(true), options: { base: "https://a.example", level: 2, fast: true, file: "/x" } },
    "meshauth login acme --base https://a.example --level 2 --fast",
  ],
  [
    "in quotation marks",
    { provider: installed(true), options: { base: "https://a.example/?a='b'&c" } },
    `meshauth login acme --base 'https://a.example/?a='\\''b'\\''&c'`,
  ],
  ["what it lacks", { provider: installed(true), options: {} }, "meshauth login acme --base BASE"],
  [
    "the saved settings",
    { provider: installed(true), options: { base: "https://a.example" }, savedSettings: "work" },
    "meshauth login work",
  ],
  ["nothing, where it needs nothing", { provider: installed(false), options: { level: 2 } }, undefined],
  [
    "nothing that is too long",
    { provider: installed(true), options: { base: "x".repeat(3_000) } },
    undefined,
  ],
])("what is kept of a login names %s", (_, input, again) => {
  expect(againOf(input)).toEqual(again === undefined ? {} : { again });
});

test("an error of ours stays the one that it is, and others are left alone", () => {
  const error = new MeshauthError("MESHAUTH_E_DENIED");
  expect(adviseAgain(error, made)).toBe(error);
  expect(error.next).toEqual(["meshauth login work"]);
  const other = Object.assign(new Error("x"), { next: ["meshauth login"] });
  expect(adviseAgain(other, made)).toBe(other);
  expect(other.next).toEqual(["meshauth login"]);
});
