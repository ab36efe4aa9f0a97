import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildRegistry } from "@meshauth/core";
import { expect, it } from "vitest";
import { builtInCandidates } from "../../src/loader/built-in.js";
import { factsFrom } from "../../src/scaffold/facts.js";
import { requireFreeNames } from "../../src/scaffold/names-taken.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const registry = await buildRegistry(builtInCandidates(root, Object.keys(dependencies)));
const packages = ["@meshauth/cli", ...Object.keys({ ...devDependencies, ...dependencies })];
const own = { registry, packages };

const check = (name: string, title?: string) =>
  requireFreeNames(factsFrom({ name, title, flow: "browser", licence: "MIT" }), own);

it.each(["acme", "@corp/acme", "@corp/meshauth-provider", "nova", "layers-of-acme", "acme-oidc"])(
  "%s is free",
  (name) => {
    expect(() => check(name)).not.toThrow();
  },
);

it.each([
  ["layer5", "taken for @meshauth/provider-layer5"],
  ["iayer5", "taken for @meshauth/provider-layer5"],
  ["api", "taken for @meshauth/provider-api"],
  ["testkit", "taken for @meshauth/provider-testkit"],
  ["@corp/none", "taken by @meshauth/provider-none"],
  ["@corp/layer-5", 'taken for the built-in "layer5"'],
  ["@corp/file-imp0rt", 'taken for the built-in "file-import"'],
  ["oidc", "taken for @meshauth/provider-oidc"],
  ["@corp/o1dc", 'taken for the built-in "oidc"'],
  ["@corp/oidc", "taken by @meshauth/provider-oidc"],
  ["acme", 'taken for the built-in "OpenID Connect"', "OpenID-Connect"],
  ["acme", 'taken for the built-in "Meshery"', "Meshery"],
  ["acme", 'taken for the built-in "layer5"', "Lauer5"],
])("%s is refused: %s", (name, why, title?: string) => {
  expect(() => check(name, title)).toThrow(
    expect.objectContaining({ code: "MESHAUTH_E_USAGE", why: expect.stringContaining(why) }),
  );
});
