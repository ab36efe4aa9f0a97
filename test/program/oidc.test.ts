import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type Certified,
  quiet,
  startCertified,
} from "../../packages/provider-oidc/test/support/certified.js";
import { signInAt } from "../../packages/provider-oidc/test/support/person.js";
import { endAll } from "../../packages/provider-oidc/test/support/running.js";
import { readAuth } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { document, meshauth } from "../support/program.js";
import { start } from "../support/running.js";

const ACCOUNT = { id: "ada", name: "Ada Example", email: "ada@login.example" };

let server: Certified;

beforeEach(async () => {
  quiet();
  server = await startCertified();
});
afterEach(endAll);

const login = () => ["login", "oidc", "--issuer", server.issuer, "--client-id", "cli", "--prompt", "consent"];

test("signs in with the browser, tells who that is, renews and logs out", async () => {
  const home = offlineHome();
  const program = start(home, [...login(), "--no-browser", "--json"]);
  const [link] = await program.see(/^http:\S+\/auth\?\S+$/m);
  await signInAt(new URL(link));
  const outcome = await program.end();
  expect(outcome.code, outcome.stderr).toBe(0);
  const name = new URL(server.issuer).host;
  expect(document(outcome)).toMatchObject({
    provider: { id: "oidc", name, package: "@meshauth/provider-oidc" },
    account: ACCOUNT,
    verified: true,
    refreshable: true,
  });
  const first = readAuth(home.authJson);
  expect(first["meshery-provider"]).toBe(name);

  expect(document(await meshauth(home, ["whoami", "--json"]))).toMatchObject({ account: ACCOUNT });
  expect(await meshauth(home, ["refresh"])).toMatchObject({ code: 0 });
  expect(readAuth(home.authJson)["token"]).not.toBe(first["token"]);
  expect(server.grants).toEqual(["cli authorization_code", "cli refresh_token"]);
  expect(document(await meshauth(home, ["logout", "--json"]))).toMatchObject({ outcome: "revoked" });
});

test("without a terminal a code is taken, and each command that is advised is for the same server", async () => {
  const explained = await meshauth(offlineHome(), [...login().slice(0, 6), "--explain", "--json"]);
  const { ways, chosen } = document(explained) as { chosen: string; ways: { id: string; command: string }[] };
  const same = `meshauth login oidc --issuer ${server.issuer} --client-id cli`;
  expect(chosen).toBe("link");
  expect(ways.find(({ id }) => id === "link")?.command).toBe(same);
  const failed = await meshauth(offlineHome(), [...login().slice(0, 6), "--flow", "browser", "--json"]);
  const { error } = document(failed) as { error: { exitCode: number; next: string[] } };
  expect(error.exitCode).toBe(10);
  expect(error.next[0]).toBe(`${same} --flow browser --no-browser`);
});

test("signs in in two steps", async () => {
  const home = offlineHome();
  const begun = document(await meshauth(home, [...login(), "--start", "--json"])) as {
    link: string;
    ticket: string;
  };
  await signInAt(new URL(begun.link));
  const outcome = await meshauth(home, ["login", "--complete", begun.ticket, "--json", "--timeout", "30s"]);
  expect(outcome.code, outcome.stderr).toBe(0);
  expect(document(outcome)).toMatchObject({ provider: { id: "oidc" }, account: ACCOUNT });
});

test("a login in two steps that is refused says what to change, and how to start again at the same server", async () => {
  const home = offlineHome();
  const client = ["login", "oidc", "--issuer", server.issuer, "--client-id", "secretive"];
  const begun = document(await meshauth(home, [...client, "--no-browser", "--start", "--json"])) as {
    link: string;
    ticket: string;
  };
  await signInAt(new URL(begun.link));
  const outcome = await meshauth(home, ["login", "--complete", begun.ticket, "--json", "--timeout", "30s"]);
  const { error } = document(outcome) as { error: { exitCode: number; next: string[] } };
  expect(error.exitCode).toBe(5);
  expect(error.next).toEqual([
    expect.stringContaining("Check --client-id"),
    `meshauth login oidc --issuer ${server.issuer} --client-id secretive --start --json`,
  ]);
});
