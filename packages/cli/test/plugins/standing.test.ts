import { existsSync } from "node:fs";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { recordConsent } from "../support/consent.js";
import { createUser } from "../support/program.js";
import { placePlugin, write, writeProvider } from "../support/provider-package.js";

// Several real programs one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

describe("plugins", () => {
  it("tells of each whether it may run", async () => {
    const user = await createUser();
    for (const name of ["a-trusted", "b-asked", "c-changed"]) await placePlugin(user.dataDir, name, name);
    await recordConsent(user.dataDir, ["a-trusted", "c-changed"]);
    await appendFile(join(user.dataDir, "node_modules/c-changed/index.js"), "// edited\n");
    await user.run(["plugins", "link", await writeProvider(join(user.cwd, "d"), "d-linked", "d-linked")]);
    expect((await user.json(["plugins"])).document).toMatchObject({
      plugins: [{ trust: "trusted" }, { trust: "untrusted" }, { trust: "changed" }, { trust: "own" }],
    });
    expect(
      (await user.run(["plugins"])).stdout
        .replace(/ {2}.*/g, "")
        .trim()
        .split("\n"),
    ).toEqual([
      "a-trusted 1.2.3 (user, may run)",
      "b-asked 1.2.3 (user, asks first)",
      "c-changed 1.2.3 (user, changed, does not run)",
      "d-linked 1.2.3 (link, may run)",
    ]);
  });

  it("trust hashes nothing that the name of no package leads to", async () => {
    const user = await createUser();
    await placePlugin(user.dataDir, "acme-provider", "acme");
    const path = join(user.dataDir, "package.json");
    await write(path, (await readFile(path, "utf8")).replace('"name":"acme-provider"', '"name":"../.."'));
    expect(await user.json(["plugins", "trust", "../..", "--yes"])).toMatchObject({
      code: 9,
      document: { error: { code: "MESHAUTH_E_PLUGIN", next: ["meshauth plugins reset"] } },
    });
    expect(existsSync(join(user.dataDir, "trust.json"))).toBe(false);
  });
});
