import { afterEach, expect, test } from "vitest";
import { type Issuer, startDevice } from "../../packages/provider-oidc/test/support/issuer.js";
import { endAll } from "../../packages/provider-oidc/test/support/running.js";
import { readAuth } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { meshauth } from "../support/program.js";

afterEach(endAll);

/** An issuer whose first and only user is called the same as that of any other. */
async function startNumbering(token: string): Promise<Issuer> {
  const issuer = await startDevice({ sub: "1" }, token);
  issuer.answers.set("/userinfo", () => ({ body: { sub: "1" } }));
  return issuer;
}

const login = ({ url }: Issuer) =>
  `login oidc --issuer ${url} --client-id cli --flow device --provider-name Corp`.split(" ");

// A `sub` names somebody at its own issuer only: OpenID Connect Core section 2.
test("a working login at one issuer is not replaced unasked by that of the same sub at another", async () => {
  const home = offlineHome();
  const [first, second] = [await startNumbering("made-up-token-1"), await startNumbering("made-up-token-2")];
  for (const _ of ["once", "again"]) {
    const outcome = await meshauth(home, login(first));
    expect(outcome.code, outcome.stderr).toBe(0);
  }
  const before = readAuth(home.authJson);
  const outcome = await meshauth(home, login(second));
  expect(outcome.code).toBe(10);
  expect(outcome.stderr).toContain("MESHAUTH_E_INTERACTION");
  expect(readAuth(home.authJson)).toEqual(before);
  expect((await meshauth(home, [...login(second), "--force"])).code).toBe(0);
  expect(readAuth(home.authJson)).not.toEqual(before);
});
