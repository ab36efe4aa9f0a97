import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { createUser, type User } from "../support/program.js";
import { placePlugin, writeProvider } from "../support/provider-package.js";
import { startInTerminal } from "../support/pty.js";

// Several real programs and npm one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

async function withSource(): Promise<User> {
  const user = await createUser();
  await writeProvider(join(user.cwd, "acme"), "acme-provider", "acme", {
    entry: { flows: ["browser", "paste"], hosts: ["https://login.acme.example", "configured"] },
  });
  return user;
}

const isInstalled = ({ dataDir }: User) => existsSync(join(dataDir, "node_modules/acme-provider"));

describe("plugins install on a terminal", () => {
  it("shows package, version, flows and hosts, asks, and takes Enter for no", async () => {
    const user = await withSource();
    const run = startInTerminal(user, ["plugins", "install", "./acme"]);
    await run.see("Install acme-provider?");
    expect(run.text()).toContain(`acme-provider 1.2.3 from ${join(user.cwd, "acme")}`);
    expect(run.text().replace(/\s+/g, " ")).toContain(
      "provider acme (Title of acme): browser, paste; declares that it talks to https://login.acme.example, an address that you give",
    );
    run.type("\r");
    expect(await run.ended).toBe(130);
    expect(existsSync(user.dataDir)).toBe(false);
  });

  it("installs after a yes", async () => {
    const user = await withSource();
    const run = startInTerminal(user, ["plugins", "install", "./acme"]);
    await run.see("Install acme-provider?");
    run.type("y");
    expect(await run.ended).toBe(0);
    expect(run.text()).toContain("Next: meshauth login acme");
    expect(isInstalled(user)).toBe(true);
  });

  it.each([
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
    ["Esc", "\u001b"],
  ])("%s leaves everything as it was", async (_, key) => {
    const user = await withSource();
    const run = startInTerminal(user, ["plugins", "install", "./acme"]);
    await run.see("Install acme-provider?");
    run.type(key);
    expect(await run.ended).toBe(130);
    expect(existsSync(user.dataDir)).toBe(false);
  });

  it("--yes asks nothing", async () => {
    const user = await withSource();
    expect(await startInTerminal(user, ["plugins", "install", "./acme", "--yes"]).ended).toBe(0);
    expect(isInstalled(user)).toBe(true);
  });

  it("--no-input does not ask, and fails", async () => {
    const user = await withSource();
    expect(await startInTerminal(user, ["plugins", "install", "./acme", "--no-input"]).ended).toBe(10);
    expect(isInstalled(user)).toBe(false);
  });
});

it("a question that nobody answers is not blamed on npm", async () => {
  const user = await createUser();
  await placePlugin(user.dataDir, "acme-provider", "acme");
  const run = startInTerminal(user, ["plugins", "reset", "--timeout", "2s"]);
  await run.see("Remove the plugin?");
  expect(await run.ended).toBe(6);
  expect(run.text()).toContain("The question was not answered within 2 s.");
  expect(isInstalled(user)).toBe(true);
});

it("plugins reset asks, and takes Enter for no", async () => {
  const user = await createUser();
  await placePlugin(user.dataDir, "acme-provider", "acme");
  const run = startInTerminal(user, ["plugins", "reset"]);
  await run.see("Remove the plugin?");
  run.type("\r");
  expect(await run.ended).toBe(130);
  expect(isInstalled(user)).toBe(true);
});
