import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type Issuer, startDevice } from "../../packages/provider-oidc/test/support/issuer.js";
import { endAll } from "../../packages/provider-oidc/test/support/running.js";
import { expectFailure } from "../support/failure.js";
import { offlineHome } from "../support/offline.js";
import { document, meshauth } from "../support/program.js";

afterEach(endAll);

const SECRET = "made-up-client-secret";

const login = ({ url }: Issuer, file: string) =>
  `login oidc --issuer ${url} --client-id cli --flow device --client-secret-file ${file}`.split(" ");

// The process that keeps the login does so in the root folder.
test("a login in two steps finds a file by the path that was typed", async () => {
  const issuer = await startDevice();
  const home = offlineHome();
  const cwd = join(home.path, "work");
  mkdirSync(cwd);
  writeFileSync(join(cwd, "secret"), `${SECRET}\n`);
  const begun = await meshauth(home, [...login(issuer, "secret"), "--start", "--json"], { cwd });
  expect(begun.code, begun.stdout).toBe(0);
  const { ticket } = document(begun) as { ticket: string };
  const ended = await meshauth(home, ["login", "--complete", ticket, "--timeout", "30s"]);
  expect(ended.code, ended.stderr).toBe(0);
  const authorization = `Basic ${Buffer.from("cli:made%2Dup%2Dclient%2Dsecret").toString("base64")}`;
  const asked = issuer.requests.find(({ line }) => line === "POST /token");
  expect(asked?.headers).toMatchObject({ authorization });
});

test("a login in two steps has no standard input to read a file from, and says so at once", async () => {
  const issuer = await startDevice();
  const args = [...login(issuer, "-"), "--start"];
  expectFailure(await meshauth(offlineHome(), args, { input: SECRET }), 2, "MESHAUTH_E_USAGE");
  expect(issuer.requests).toEqual([]);
});

test("what is said of a missing secret helps with it, and does not speak of an import", async () => {
  const issuer = await startDevice();
  const outcome = await meshauth(offlineHome(), [...login(issuer, "secret"), "--json"]);
  expect(outcome.code).toBe(8);
  expect(document(outcome)).toMatchObject({
    error: { next: [expect.stringMatching(/^Check --client-secret-file/)] },
  });
});

test("the advice to take the browser works for a login without saved settings, too", async () => {
  const issuer = await startDevice();
  delete issuer.metadata["device_authorization_endpoint"];
  const args = `login oidc --issuer ${issuer.url} --client-id cli --flow device --json`.split(" ");
  expect(document(await meshauth(offlineHome(), args))).toMatchObject({
    error: { next: ["Try --flow browser."] },
  });
});
