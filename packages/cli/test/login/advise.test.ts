import { MeshauthError } from "@meshauth/core";
import { expect, test } from "vitest";
import { adviseByName, stepByName } from "../../src/login/advise.js";

const saved = { name: "work", provider: "oidc" };

test.each([
  ["meshauth login", "meshauth login work"],
  ["meshauth login oidc", "meshauth login work"],
  ["meshauth login oidc --no-browser", "meshauth login work --no-browser"],
  ["meshauth login oidc2 --no-browser", "meshauth login oidc2 --no-browser"],
  ["meshauth login --complete abc", "meshauth login --complete abc"],
  ["meshauth login none", "meshauth login none"],
  ["meshauth provider show oidc", "meshauth provider show oidc"],
])("%s", (step, expected) => {
  expect(stepByName(step, saved)).toBe(expected);
});

test("an error of ours stays the one that it is, and others are left alone", () => {
  const error = new MeshauthError("MESHAUTH_E_DENIED");
  expect(adviseByName(error, saved)).toBe(error);
  expect(error.next).toEqual(["meshauth login work"]);
  const other = Object.assign(new Error("x"), { next: ["meshauth login"] });
  expect(adviseByName(other, saved)).toBe(other);
  expect(other.next).toEqual(["meshauth login"]);
});
