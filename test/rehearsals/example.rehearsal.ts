import { cpSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Mirror, startMirror } from "../support/mirror.js";
import { freePort, type Newcomer, newcomer } from "./new-provider/newcomer.js";

const example = fileURLToPath(new URL("../../examples/meshauth-provider-lantern", import.meta.url));

let mirror: Mirror;
let reader: Newcomer;
let lantern: string;
beforeAll(async () => {
  mirror = await startMirror();
  reader = newcomer(mirror.env);
  reader.cwd = join(reader.cwd, basename(example));
  const made = new Set(["node_modules", "dist"]);
  cpSync(example, reader.cwd, { recursive: true, filter: (path) => !made.has(basename(path)) });
  await reader.type("npm install");
});
afterAll(() => mirror.close());

describe("the example, copied out of the repository", () => {
  test("passes its tests and the conformance kit", async () => {
    await reader.type("npm test");
  });

  test("runs as its README says: signs in with the browser, renews, signs out", async () => {
    const port = await freePort();
    await reader.start("npm run server", { PORT: String(port) }).see(/Lantern runs at/);
    lantern = `http://127.0.0.1:${port}`;
    await reader.type("meshauth plugins link .");
    expect(await reader.ask(`meshauth login lantern --url ${lantern} --json`)).toMatchObject({
      account: { id: "lan-1", name: "Ada Example", email: "ada@lantern.example" },
      verified: true,
      refreshable: true,
    });
    expect(await reader.ask("meshauth whoami --json")).toMatchObject({ account: { id: "lan-1" } });
    expect(await reader.ask("meshauth refresh --json")).toMatchObject({ refreshed: true });
    expect(await reader.ask("meshauth whoami --json")).toMatchObject({ account: { id: "lan-1" } });
    expect(await reader.ask("meshauth logout --json")).toMatchObject({ outcome: "revoked" });
  });

  test("takes an API token, and says where it can be deleted", async () => {
    const page = await fetch(`${lantern}/tokens`, { method: "POST" });
    const [token = ""] = /lantern_[\w-]+(?=<)/.exec(await page.text()) ?? [];
    const login = `printf '%s' "$TOKEN" | meshauth login lantern --url ${lantern} --token-stdin --json`;
    expect(await reader.ask(login, { TOKEN: token })).toMatchObject({
      account: { id: "lan-1" },
      refreshable: false,
    });
    expect(readFileSync(join(reader.home, ".meshery/auth.json"), "utf8")).toContain(token);
    expect(await reader.ask("meshauth logout --json")).toMatchObject({
      outcome: "not-supported",
      files: [{ page: `${lantern}/tokens` }],
    });
  });

  test("names the commands that work where nobody can be asked for the region", async () => {
    const { code, stdout } = await reader.start("meshauth login lantern --json").outcome;
    expect(code).toBe(10);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { next: ["meshauth login lantern --region eu", "meshauth login lantern --region us"] },
    });
  });

  test("its README tells of every file of the provider", () => {
    const readme = readFileSync(join(example, "README.md"), "utf8");
    for (const file of readdirSync(join(example, "src"))) expect(readme).toContain(`\`src/${file}\``);
  });
});
