import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll } from "vitest";
import { describeProvider } from "../src/vitest.js";
import { copyFixture } from "./support/fixture.js";

// A conformance file in TypeScript that no Node could run by leaving the types out.
const { root, remove } = await copyFixture("file");
const file = join(root, "meshauth.conformance.mjs");
const text = await readFile(file, "utf8");
await rm(file);
await writeFile(
  join(root, "meshauth.conformance.ts"),
  text
    .replace("({ home, secret })", '({ home, secret }: import("@meshauth/provider-testkit").ExampleTools)')
    .replace('"Downloads/crate.ini":', "[Path.file]:")
    .replace('"Downloads/crate.ini"', "Path.file")
    .replace("export default", 'enum Path {\n  file = "Downloads/crate.ini",\n}\n\nexport default'),
);
afterAll(remove);

describeProvider(root);
