import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import type { InstalledProvider } from "../../src/registry/index.js";
import type { Runtime } from "../../src/runtime.js";
import { completeLogin } from "../../src/two-step/complete.js";
import { keepLogin } from "../../src/two-step/keep.js";
import { createPending } from "../../src/two-step/pending.js";
import { createTicket, parseTicket } from "../../src/two-step/ticket.js";
import { pendingLogin, temporaryFolder } from "./support.js";

/** A login with `acme` of `acme-package` that was started, where another package has a provider of that id. */
async function startedThen() {
  const dataDir = await temporaryFolder();
  const expiresAt = new Date(Date.now() + 60_000);
  const ticket = createTicket(expiresAt);
  const id = parseTicket(ticket)?.id ?? "";
  await createPending({ dataDir }, id, pendingLogin(expiresAt));
  const other = { entry: { id: "acme" }, package: "another-package" } as InstalledProvider;
  const registry = { providers: [other], problems: [] };
  // What else there is must not be used.
  const runtime = { dataDir, registry, now: () => new Date() } as unknown as Runtime;
  return { dataDir, runtime, ticket, id };
}

test("the provider of another package is not the one that a login was started with: completion", async () => {
  const { runtime, ticket, dataDir } = await startedThen();
  const completed = completeLogin(runtime, {
    ticket,
    target: {},
    wait: 0,
    force: false,
    ownFile: false,
    skipVerify: false,
    words: ["login", "--complete", ticket],
    offered: async () => undefined,
  });
  await expect(completed).rejects.toMatchObject({
    code: "MESHAUTH_E_PROVIDER_MISSING",
    message: "The provider acme of acme-package is not installed.",
    next: ["meshauth provider list"],
  });
  expect(await readdir(dataDir)).toEqual(["pending"]);
});

test("the provider of another package is not the one that a login was started with: waiting", async () => {
  const { runtime, id, dataDir } = await startedThen();
  const starter = { tell: () => expect.unreachable(), gone: new AbortController().signal };
  expect(await keepLogin(runtime, id, starter)).toBe(false);
  expect(await readdir(dataDir)).toEqual([]);
});
