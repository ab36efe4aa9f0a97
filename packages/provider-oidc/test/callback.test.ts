import { afterEach, expect, test } from "vitest";
import { fakeHost } from "../../provider-api/test/support/fake-host.js";
import { type Issuer, startIssuer } from "./support/issuer.js";
import { login, type sentBack } from "./support/login.js";
import { endAll } from "./support/running.js";

afterEach(endAll);

type Callback = Parameters<typeof sentBack>[1];

/** Somebody who comes back with one answer after the other, and what became of each. */
async function comeBack(
  issuer: Issuer,
  answers: readonly Callback[],
): Promise<{ statuses: number[]; outcome: Promise<unknown>; link: URL; hints: readonly string[] }> {
  const statuses: number[] = [];
  let shown: URL | undefined;
  let done: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    done = resolve;
  });
  const host = fakeHost({
    async browser(link) {
      shown = link;
      const nonce = link.searchParams.get("nonce") ?? "";
      const idToken = await issuer.idToken({ nonce });
      issuer.answers.set("/token", () => ({
        body: { access_token: "made-up-access-token", token_type: "Bearer", id_token: idToken },
      }));
      for (const answer of answers) {
        const back = new URL(link.searchParams.get("redirect_uri") ?? "");
        const whole = {
          code: "made-up-code",
          state: link.searchParams.get("state") ?? "",
          iss: issuer.url,
          ...answer,
        };
        for (const [name, value] of Object.entries(whole)) {
          for (const one of [value ?? []].flat()) back.searchParams.append(name, one);
        }
        statuses.push((await fetch(back, { redirect: "manual" })).status);
      }
      done();
    },
  });
  const outcome = login({ issuer: issuer.url, "client-id": "cli", flow: "browser" }, host);
  outcome.catch(() => undefined);
  await finished;
  if (shown === undefined) throw new Error("no link was shown");
  return { statuses, outcome, link: shown, hints: host.hints };
}

test("the link asks for a code with PKCE, state and nonce, at the address that the receiver has", async () => {
  const issuer = await startIssuer();
  const { link, outcome, hints } = await comeBack(issuer, [{}]);
  await outcome;
  expect(hints).toEqual([
    expect.stringContaining("register http://127.0.0.1/callback, with any port, for the client cli, or"),
  ]);
  expect(link.href.startsWith(`${issuer.url}/authorize?`)).toBe(true);
  expect(Object.fromEntries(link.searchParams)).toEqual({
    response_type: "code",
    client_id: "cli",
    redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
    scope: "openid profile email",
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: "S256",
  });
  const { form } = issuer.requests.find(({ line }) => line === "POST /token") ?? {};
  expect(Object.fromEntries(form ?? [])).toEqual({
    grant_type: "authorization_code",
    code: "made-up-code",
    client_id: "cli",
    redirect_uri: link.searchParams.get("redirect_uri"),
    code_verifier: expect.stringMatching(/^[\w-]{43}$/),
  });
});

// T36, and what else is not of this sign-in: it goes on waiting, and the right answer is still taken.
test.each<[string, Callback]>([
  ["iss is missing though announced", { iss: undefined }],
  ["iss is another issuer's", { iss: "http://127.0.0.1:1" }],
  ["iss is empty", { iss: "" }],
  ["iss has a slash more", { iss: "SLASH" }],
  ["iss comes twice", { iss: "TWICE" }],
  ["state is another sign-in's", { state: "other" }],
  ["state is missing", { state: undefined }],
  ["no code", { code: undefined }],
  ["the code is empty", { code: "" }],
  ["an error of another issuer", { code: undefined, error: "access_denied", iss: "http://127.0.0.1:1" }],
  ["an error without the state", { code: undefined, error: "access_denied", state: undefined }],
])("turns an answer away and waits: %s", async (_, callback) => {
  const issuer = await startIssuer();
  const { iss } = callback ?? {};
  const first =
    iss === "TWICE"
      ? { ...callback, iss: [issuer.url, issuer.url] as unknown as string }
      : { ...callback, ...(iss === "SLASH" ? { iss: `${issuer.url}/` } : {}) };
  const { statuses, outcome } = await comeBack(issuer, [first, {}]);
  await expect(outcome).resolves.toMatchObject({ accessToken: "made-up-access-token" });
  expect(statuses).toEqual([400, 303]);
});

test("takes an answer without iss from a server that does not announce it", async () => {
  const issuer = await startIssuer();
  issuer.metadata["authorization_response_iss_parameter_supported"] = false;
  const { outcome } = await comeBack(issuer, [{ iss: undefined }]);
  await expect(outcome).resolves.toMatchObject({ accessToken: "made-up-access-token" });
});

// RFC 9207 section 4: the code of an honest server is not carried to the one that posed as it.
test("mix-up: a code of another issuer reaches neither token endpoint", async () => {
  const [honest, attacker] = [await startIssuer(), await startIssuer()];
  const { statuses, outcome } = await comeBack(attacker, [
    { iss: honest.url, code: "code-of-the-honest" },
    {},
  ]);
  await outcome;
  expect(statuses).toEqual([400, 303]);
  expect(honest.requests).toEqual([]);
  expect(attacker.requests.map(({ form }) => form.get("code")).filter(Boolean)).toEqual(["made-up-code"]);
});

test.each([
  ["access_denied", "denied", /turned down/],
  ["login_required", "denied", /Nobody is signed in/],
  ["invalid_scope", "denied", /does not grant/],
  ["unauthorized_client", "denied", /may not sign in in this way/],
  ["server_error", "unreachable", /out of order/],
  ["temporarily_unavailable", "unreachable", /too busy/],
  ["invalid_request", "protocol", /does not understand/],
  ["made_up_error", "denied", /did not say/],
])("says what the server's %s means", async (error, code, means) => {
  const issuer = await startIssuer();
  const callback = { code: undefined, error, error_description: "Some+words." };
  const { outcome } = await comeBack(issuer, [callback]);
  await expect(outcome).rejects.toMatchObject({ code, reason: expect.stringMatching(means) });
  await expect(outcome).rejects.toMatchObject({
    reason: expect.stringContaining(`"${error}": Some words. `),
  });
});
