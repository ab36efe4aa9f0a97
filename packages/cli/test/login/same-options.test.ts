import { expect, test } from "vitest";
import { type SameLogin, withSameOptions } from "../../src/login/same-options.js";

const LOGIN: SameLogin = {
  name: "oidc",
  options: ["issuer", "scope", "fast"],
  typed: [
    { type: "flag", flag: "issuer", input: "https://login.example" },
    { type: "flag", flag: "scope", input: "openid email" },
    { type: "flag", flag: "fast", input: "--fast" },
    { type: "flag", flag: "force", input: "--force" },
    { type: "arg", input: "x" },
  ],
};
const OPTIONS = "--issuer https://login.example --scope 'openid email' --fast";

test.each([
  ["meshauth login", `meshauth login oidc ${OPTIONS}`],
  ["meshauth login oidc --no-browser", `meshauth login oidc ${OPTIONS} --no-browser`],
  [
    "meshauth login oidc --scope=openid",
    "meshauth login oidc --issuer https://login.example --fast --scope=openid",
  ],
  ["meshauth login oidc < FILE", `meshauth login oidc ${OPTIONS} < FILE`],
])("%s is with the options that were typed", (step, expected) => {
  expect(withSameOptions(step, LOGIN)).toBe(expected);
});

test.each([
  "meshauth login none",
  "meshauth login oidc --help",
  "meshauth login --complete TICKET",
  "meshauth check",
  "Try --flow device.",
])("%s stays as it is", (step) => {
  expect(withSameOptions(step, LOGIN)).toBe(step);
});

test("without options the advice is the usual one", () => {
  expect(withSameOptions("meshauth login", { ...LOGIN, typed: [] })).toBe("meshauth login");
});
