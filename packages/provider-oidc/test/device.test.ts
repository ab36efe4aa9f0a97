import { afterEach, expect, test } from "vitest";
import { type FakeHost, fakeHost } from "../../provider-api/test/support/fake-host.js";
import { connect } from "../src/connection.js";
import { signInWithDevice } from "../src/device.js";
import { readSettings } from "../src/settings.js";
import { type Answer, DEVICE, type Issuer, startIssuer } from "./support/issuer.js";
import { login } from "./support/login.js";
import { endAll } from "./support/running.js";

afterEach(endAll);

const TOKENS = { body: { access_token: "made-up-access-token", token_type: "bearer" } };
const error = (name: string) => ({ status: 400, body: { error: name } });

/** Signs in with a clock that moves when the program pauses. @returns the pauses in seconds, and the outcome. */
async function signIn(
  answer: Answer,
  more: Readonly<Record<string, unknown>> = {},
): Promise<{ pauses: number[]; outcome: Promise<unknown>; host: FakeHost; issuer: Issuer }> {
  const issuer = await startIssuer();
  issuer.answers.set("/device", () => ({ body: { ...DEVICE, ...more } }));
  issuer.answers.set("/token", answer);
  let time = Date.now();
  const host = { ...fakeHost(), now: () => new Date(time) };
  const settings = readSettings({ options: { issuer: issuer.url, "client-id": "cli", flow: "device" } }, {});
  const pauses: number[] = [];
  const outcome = signInWithDevice(await connect(settings, host), settings, host, async (milliseconds) => {
    pauses.push(milliseconds / 1000);
    time += milliseconds;
  });
  await outcome.catch(() => undefined);
  return { pauses, outcome, host, issuer };
}

// T35
test("slow_down makes every pause five seconds longer, and the code ends when it said", async () => {
  const { pauses, outcome, issuer } = await signIn((_, asked) =>
    error(asked <= 3 ? "slow_down" : "authorization_pending"),
  );
  await expect(outcome).rejects.toMatchObject({
    code: "expired",
    message: "The code was not entered in time.",
  });
  expect(pauses).toEqual([5, 10, 15, 20, 10]);
  expect(issuer.requests.filter(({ line }) => line === "POST /token")).toHaveLength(4);
});

test("asks at the interval that the server names until someone has decided", async () => {
  const { pauses, outcome } = await signIn(
    (_, asked) => (asked < 3 ? error("authorization_pending") : TOKENS),
    { interval: 7 },
  );
  await expect(outcome).resolves.toMatchObject({ tokens: { access_token: "made-up-access-token" } });
  expect(pauses).toEqual([7, 7, 7]);
});

test("asks half as often while the server does not answer", async () => {
  const { pauses, outcome } = await signIn((_, asked) => (asked < 3 ? { status: 503, body: "" } : TOKENS));
  await expect(outcome).resolves.toBeDefined();
  expect(pauses).toEqual([5, 10, 20]);
});

test.each([
  ["access_denied", "denied", /turned down/],
  ["expired_token", "expired", /not entered in time/],
  ["invalid_grant", "denied", /revoked/],
])("%s ends the wait at once", async (name, code, reason) => {
  const { pauses, outcome } = await signIn(() => error(name));
  await expect(outcome).rejects.toMatchObject({ code, reason: expect.stringMatching(reason) });
  expect(pauses).toEqual([5]);
});

test("shows the link and the code, and keeps the device code out of all output", async () => {
  const whole = { verification_uri_complete: "https://login.example/device?user_code=WDJB-MJHT" };
  const { host, issuer } = await signIn(() => TOKENS, whole);
  expect(host.links.map(String)).toEqual([whole.verification_uri_complete]);
  expect(host.secrets).toContain("made-up-device-code");
  expect(JSON.stringify(host.events)).not.toContain("made-up-device-code");
  const { form } = issuer.requests.find(({ line }) => line === "POST /device") ?? {};
  expect(Object.fromEntries(form ?? [])).toEqual({ client_id: "cli", scope: "openid profile email" });
});

test.each([
  ["no code", { device_code: undefined }, /device_code/],
  ["no link", { verification_uri: undefined }, /verification_uri/],
  ["no end", { expires_in: undefined }, /expires_in/],
  ["an interval below zero", { interval: -1 }, /interval/],
])("refuses a device answer with %s", async (_, more, reason) => {
  const { outcome } = await signIn(() => TOKENS, more).catch((thrown) => ({
    outcome: Promise.reject(thrown),
  }));
  await expect(outcome).rejects.toThrow(reason);
});

test("where no link can be opened the sign-in takes a code, unless the browser is asked for", async () => {
  const issuer = await startIssuer();
  issuer.answers.set("/device", () => error("access_denied"));
  const options = { issuer: issuer.url, "client-id": "cli" };
  await expect(login(options, fakeHost())).rejects.toMatchObject({ code: "denied" });
  const own = Object.assign(new Error("There is no terminal."), { code: "MESHAUTH_E_INTERACTION" });
  const host = Object.assign(fakeHost(), { listen: () => Promise.reject(own) });
  await expect(login(options, host)).rejects.toMatchObject({ code: "denied" });
  await expect(login({ ...options, flow: "browser" }, fakeHost())).rejects.toMatchObject({
    code: "interaction",
  });
  // They would be lost without a word.
  await expect(login({ ...options, prompt: "login" }, fakeHost())).rejects.toMatchObject({
    code: "interaction",
  });
});

test("a server without sign-in by code says so", async () => {
  const issuer = await startIssuer();
  issuer.metadata["device_authorization_endpoint"] = undefined;
  const outcome = login({ issuer: issuer.url, "client-id": "cli", flow: "device" }, fakeHost());
  await expect(outcome).rejects.toMatchObject({
    code: "protocol",
    next: ["Try --flow browser."],
  });
});
