import { expect, test } from "vitest";
import { readRegistered } from "../../src/receiver/index.js";
import { get, open, TOKEN } from "./support.js";

const registered = { host: "127.0.0.1", path: "/callback" };

// https://developers.google.com/identity/openid-connect/openid-connect: `hd`, `authuser`, `prompt`.
test("what a server adds to its answer is no secret: it would be cut out of the account's address", async () => {
  const { receiver, secrets } = await open({ registered });
  const { state } = receiver;
  const extras = "hd=example.org&prompt=consent&authuser=0&scope=email%20profile";
  await get(receiver.port, `/callback?state=${state}&${extras}&t%6Fken=${TOKEN}`);
  expect(await receiver.outcome).toBe(TOKEN);
  expect(secrets).toEqual([TOKEN]);
});

test("the same of a pasted address", async () => {
  const { receiver, secrets } = await open({ registered });
  receiver.paste(`${receiver.redirectUri}?state=${receiver.state}&hd=example.org&token=${TOKEN}`);
  expect(secrets).toEqual([TOKEN]);
});

test("advice about a registered port that is taken does not speak of a flag that nobody gave", async () => {
  const { receiver } = await open({ registered });
  const outcome = open({ registered: { ...registered, port: receiver.port } });
  await expect(outcome).rejects.toMatchObject({
    code: "MESHAUTH_E_PORT_IN_USE",
    next: [expect.not.stringContaining("--port")],
  });
  await expect(open({ port: receiver.port })).rejects.toMatchObject({
    next: [expect.stringContaining("--port")],
  });
});

test.each(["/a/../b", "/a/./b", "/..", "/%2e%2e/b", "/a\\b", '/a"b', "/a<b>"])(
  "no browser would come back to %s, so it is refused",
  (path) => {
    expect(readRegistered(`http://127.0.0.1${path}`)).toBeUndefined();
  },
);
