import { afterEach, expect, test } from "vitest";
import { fakeHost } from "../../provider-api/test/support/fake-host.js";
import { connect } from "../src/connection.js";
import { signInWithDevice } from "../src/device.js";
import { readSettings } from "../src/settings.js";
import { startIssuer } from "./support/issuer.js";
import { endAll } from "./support/running.js";

afterEach(endAll);

/** The longest pause that Node's timers can hold, in milliseconds: longer ones become one millisecond. */
const TIMER = 2_147_483_647;

test.each<[string, number, number, number[]]>([
  ["a thousandth of a second", 0.001, 3, [1_000, 1_000, 1_000]],
  ["many years", 1e9, 3e6, [TIMER, 3e9 - TIMER]],
])("an interval of %s floods neither server nor terminal", async (_, interval, expires_in, expected) => {
  const issuer = await startIssuer();
  const code = { device_code: "made-up-device-code", user_code: "A", verification_uri: "https://a.example" };
  issuer.answers.set("/device", () => ({ body: { ...code, interval, expires_in } }));
  issuer.answers.set("/token", () => ({ status: 400, body: { error: "authorization_pending" } }));
  let time = Date.now();
  const host = { ...fakeHost(), now: () => new Date(time) };
  const settings = readSettings({ options: { issuer: issuer.url, "client-id": "cli", flow: "device" } }, {});
  const pauses: number[] = [];
  const outcome = signInWithDevice(await connect(settings, host), settings, host, async (milliseconds) => {
    pauses.push(milliseconds);
    time += milliseconds;
  });
  await expect(outcome).rejects.toMatchObject({ code: "expired" });
  expect(pauses).toEqual(expected);
});
