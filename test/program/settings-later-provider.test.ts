import { expect, test } from "vitest";
import { expectFailure } from "../support/failure.js";
import { meshauth } from "../support/program.js";
import { ACME, acme, acmeHome, configure, received } from "../support/settings.js";
import { linkProviders, moduleWith } from "../support/third-party.js";

const other = (id: string) => ({
  id,
  module: moduleWith(id, 'throw new Error("It was not meant.");'),
  entry: { title: "Later" },
});

test("settings can be changed after a provider of their name was installed, and go on to come first", async () => {
  const home = acmeHome();
  expect((await configure(home, "work", [ACME, "--base", "https://old.example.com"])).code).toBe(0);
  linkProviders(home, [acme(), other("work")]);
  const changed = [ACME, "--base", "https://new.example.com", "--force"];
  const outcome = await configure(home, "work", changed);
  expect(outcome.code, outcome.stderr).toBe(0);
  expect((await meshauth(home, ["login", "work"])).code).toBe(0);
  expect(received(home)).toEqual({ base: "https://new.example.com" });
  expect((await meshauth(home, ["provider", "settings", "remove", "work"])).code).toBe(0);
  expectFailure(await configure(home, "work", changed), 2, "MESHAUTH_E_USAGE");
});
