import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { acceptToken, expectWaiting, failureOf, get, OTHER_TOKEN, open, TOKEN } from "./support.js";

const PROTECTION = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  connection: "close",
};

describe("T21: the right callback", () => {
  test.each(["127.0.0.1", "::1"])("is sent on to a clean address, over %s", async (host) => {
    const { receiver, path, secrets, notices } = await open();
    const names = { "127.0.0.1": "127.0.0.1", "::1": "[::1]" } as const;
    const name = names[host as keyof typeof names];
    const answer = await get(receiver.port, `${path}?token=${TOKEN}`, [`Host: ${name}:${receiver.port}`]);
    expect(answer.status).toBe(303);
    expect(answer.body).toBe("");
    const { date, "content-security-policy": policy, ...headers } = Object.fromEntries(answer.headers);
    expect(headers).toEqual({ ...PROTECTION, location: "/done", "content-length": "0" });
    expect(date).toBeDefined();
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    expect(await receiver.outcome).toBe(TOKEN);
    expect(secrets).toEqual([TOKEN]);
    expect(notices).toEqual([]);
  });

  test("the result page has the headers, and its style is the one that the policy names", async () => {
    const { receiver, path } = await open();
    await get(receiver.port, `${path}?token=${TOKEN}`);
    const page = await get(receiver.port, "/done");
    expect(page.status).toBe(200);
    expect(Object.fromEntries(page.headers)).toMatchObject({
      ...PROTECTION,
      "content-type": "text/html; charset=utf-8",
    });
    const style = /<style>([\s\S]*)<\/style>/.exec(page.body)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(page.headers.get("content-security-policy")).toContain(`style-src 'sha256-${hash}'`);
    expect(page.body).toContain("Login received");
    expect(page.body).toContain("return to your terminal");
  });

  test.each(["", "/", "/api/user/token", "/api/user/token/"])("may have the suffix '%s'", async (suffix) => {
    const { receiver, path } = await open();
    expect((await get(receiver.port, `${path}${suffix}?token=${TOKEN}`)).status).toBe(303);
    expect(await receiver.outcome).toBe(TOKEN);
  });

  test("may bring parameters of other names, which are secrets too", async () => {
    const { receiver, path, secrets } = await open();
    const query = `session_cookie=MTcz%2BSECRET%zz&token=${TOKEN}&session_cookie=b%2Bc`;
    expect((await get(receiver.port, `${path}?${query}`)).status).toBe(303);
    expect(secrets).toEqual(["MTcz%2BSECRET%zz", TOKEN, "b%2Bc", "b+c"]);
  });
});

describe("after the first answer", () => {
  test("the same token again gets the same redirect, in whatever spelling", async () => {
    const { receiver, path, notices } = await open();
    for (const token of [TOKEN, TOKEN, encodeURIComponent(TOKEN)]) {
      const answer = await get(receiver.port, `${path}?x=1&token=${token}`);
      expect([answer.status, answer.headers.get("location")]).toEqual([303, "/done"]);
    }
    expect(notices).toEqual([]);
  });

  test("A03: a different token gets 409 and one notice, and changes nothing", async () => {
    const { receiver, path, notices, secrets } = await open();
    await get(receiver.port, `${path}?token=${TOKEN}`);
    for (let round = 0; round < 3; round += 1) {
      expect((await get(receiver.port, `${path}?token=${OTHER_TOKEN}`)).status).toBe(409);
    }
    expect(await receiver.outcome).toBe(TOKEN);
    expect(notices.map(({ kind }) => kind)).toEqual(["second-token"]);
    expect(JSON.stringify(notices)).not.toContain(OTHER_TOKEN);
    expect(secrets).toContain(OTHER_TOKEN);
  });

  test("of twenty at once exactly one token wins", async () => {
    let accepted = 0;
    const { receiver, path } = await open({
      accept(parameters) {
        accepted += 1;
        return acceptToken(parameters);
      },
    });
    const tokens = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? TOKEN : OTHER_TOKEN));
    const answers = await Promise.all(tokens.map((token) => get(receiver.port, `${path}?token=${token}`)));
    const winner = await receiver.outcome;
    expect(accepted).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual(tokens.map((t) => (t === winner ? 303 : 409)));
  });
});

describe("T26: what is no token", () => {
  const padded = Buffer.from('{"access_token":"SECRET-CANARY"}').toString("base64");
  const canary = Buffer.from("SECRET-CANARY no JSON").toString("base64url");
  test.each([
    ["twice", `token=${TOKEN}&token=${TOKEN}`],
    ["twice, once with an escaped name", `token=${TOKEN}&%74oken=${OTHER_TOKEN}`],
    ["empty", "token="],
    ["without a value", "token"],
    ["of padding only", "token====="],
    ["padded", `token=${padded}==`],
    ["of the URL-safe alphabet", `token=${TOKEN.replace(/[+/]/g, "-")}`],
    ["with a space", `token=${TOKEN}%20`],
    ["with a NUL", `token=${TOKEN}%00`],
    ["with a bad percent sequence", `token=${TOKEN}%zz`],
    ["with bytes that are not UTF-8", "token=%ff%fe"],
    ["with a name that cannot be read", `%zz=1&token=${TOKEN}`],
    ["of 40 KB", `token=${"A".repeat(40_000)}`],
    ["base64 of something that is not JSON", `token=${canary}`],
    ["JSON without an access token", `token=${Buffer.from('{"a":"SECRET-CANARY"}').toString("base64url")}`],
    ["absent", "tok=SECRET-CANARY"],
    ["of another case", `Token=${TOKEN}`],
  ])("%s: refused with a reason, and the login waits", async (_, query) => {
    const watched = await open();
    const answer = await get(watched.receiver.port, `${watched.path}?${query}`);
    expect(answer.status).toBe(400);
    expect(watched.notices.map(({ kind }) => kind)).toEqual(["refused"]);
    const value = query.slice(query.indexOf("=") + 1);
    for (const text of [answer.body, JSON.stringify(watched.notices)]) {
      if (value.length > 5) expect(text).not.toContain(value.slice(0, 12));
      expect(text).not.toContain("CANARY");
    }
    await expectWaiting(watched);
  });

  test("no query at all is refused too", async () => {
    const watched = await open();
    for (const end of ["", "?", "?&&"]) {
      expect((await get(watched.receiver.port, watched.path + end)).status).toBe(400);
    }
    await expectWaiting(watched);
  });

  test("a raw plus sign stays one, and so does an escaped one", async () => {
    expect(TOKEN).toContain("+");
    for (const token of [TOKEN, encodeURIComponent(TOKEN)]) {
      const { receiver, path } = await open();
      await get(receiver.port, `${path}?token=${token}`);
      expect(await receiver.outcome).toBe(TOKEN);
    }
  });

  test("what is refused is a secret all the same, told before the provider sees it", async () => {
    const order: string[] = [];
    const watched = await open({
      onSecret: (value) => order.push(`secret ${value}`),
      accept: (parameters) => {
        order.push("accept");
        return acceptToken(parameters);
      },
    });
    await get(watched.receiver.port, `${watched.path}?token=SECRET-CANARY`);
    expect(order).toEqual(["secret SECRET-CANARY", "accept"]);
  });

  test("refusals do not flood the terminal", async () => {
    const { receiver, path, notices } = await open();
    for (let round = 0; round < 30; round += 1) await get(receiver.port, `${path}?token=bad`);
    expect(notices.length).toBe(20);
  });
});

describe("T30: the provider reports failure", () => {
  const DESCRIPTION = "<script>alert(1)</script>\u001b]0;owned\u0007\r\nSecond: line\u202egnp.exe";

  test("the login ends as denied, the page is constant, the reason is one harmless line", async () => {
    const { receiver, path, notices } = await open();
    const query = `error=access_denied&error_description=${encodeURIComponent(DESCRIPTION)}`;
    const answer = await get(receiver.port, `${path}?${query}`);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/done"]);
    const error = await failureOf(receiver.outcome);
    expect(error.code).toBe("denied");
    expect(error.reason).toBe("<script>alert(1)</script>]0;owned Second: linegnp.exe");
    const page = await get(receiver.port, "/done");
    expect(page.body).toContain("The sign-in was not completed. Return to your terminal for details.");
    expect(page.body).not.toMatch(/script|owned|denied/i);
    expect(notices).toEqual([]);
  });

  test("the same again is answered the same, a token after it is refused", async () => {
    const { receiver, path, notices } = await open();
    for (let round = 0; round < 2; round += 1) {
      expect((await get(receiver.port, `${path}?error=access_denied`)).status).toBe(303);
    }
    expect((await get(receiver.port, `${path}?token=${TOKEN}`)).status).toBe(409);
    expect((await failureOf(receiver.outcome)).reason).toBe("access_denied");
    expect(notices.map(({ kind }) => kind)).toEqual(["second-token"]);
  });
});

describe("a provider whose code is at fault", () => {
  test.each([
    [
      "throws",
      () => {
        throw new Error("SECRET-CANARY");
      },
    ],
    ["returns nothing", () => undefined],
    ["returns a promise that fails", () => Promise.reject(new Error("SECRET-CANARY"))],
    ["returns an unknown kind", () => ({ kind: "maybe", reason: "SECRET-CANARY" })],
    ["gives no reason", () => ({ kind: "fail" })],
  ])("%s: counts as a refusal", async (_, faulty) => {
    let rounds = 0;
    const watched = await open({
      accept: (parameters) => {
        rounds += 1;
        return rounds === 1 ? (faulty() as never) : acceptToken(parameters);
      },
    });
    expect((await get(watched.receiver.port, `${watched.path}?token=x`)).status).toBe(400);
    expect(watched.notices).toEqual([
      { kind: "refused", message: "The provider's code failed on the answer that came back." },
    ]);
    await expectWaiting(watched);
  });
});
