import { expect, test } from "vitest";
import { MeshauthError } from "../src/errors/error.js";
import { adviseAgain, loginAgain, stepAgain } from "../src/login/again.js";

const provider = { id: "oidc" };
const made = { provider, savedSettings: "work" };

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
  for (const other of [undefined, { provider }, { provider, savedSettings: "no name" }])
    expect(stepAgain(step, other)).toBe(step);
});

test("without settings, and with a name that is none, it is the login", () => {
  expect(loginAgain(undefined)).toBe("meshauth login");
  expect(loginAgain({ provider, savedSettings: "$(id)" })).toBe("meshauth login");
  expect(loginAgain(made)).toBe("meshauth login work");
});

test("an error of ours stays the one that it is, and others are left alone", () => {
  const error = new MeshauthError("MESHAUTH_E_DENIED");
  expect(adviseAgain(error, made)).toBe(error);
  expect(error.next).toEqual(["meshauth login work"]);
  const other = Object.assign(new Error("x"), { next: ["meshauth login"] });
  expect(adviseAgain(other, made)).toBe(other);
  expect(other.next).toEqual(["meshauth login"]);
});
