import { describe, expect, test } from "vitest";
import { acceptToken, failureOf, get, OTHER_TOKEN, open, TOKEN } from "./support.js";

describe("a pasted address", () => {
  const forms: [string, (uri: string) => string][] = [
    ["whole", (uri) => uri],
    ["as its path and query", (uri) => uri.replace(/^http:\/\/[^/]+/, "")],
    ["without its scheme", (uri) => uri.replace("http://", "")],
    ["upgraded to https by the browser", (uri) => uri.replace("http:", "https:")],
    ["with the name in capitals", (uri) => uri.replace("http://localhost", "HTTP://LOCALHOST")],
    ["with 127.0.0.1", (uri) => uri.replace("localhost", "127.0.0.1")],
    ["with [::1]", (uri) => uri.replace("localhost", "[::1]")],
    ["with a fragment", (uri) => `${uri}#_=_`],
    ["with an escaped token", (uri) => uri.replace(/token=(.*)/, (_, t) => `token=${encodeURIComponent(t)}`)],
    ["with space around it", (uri) => `  \t${uri}\r\n`],
    ["in quotes", (uri) => `"${uri}"`],
    ["in single quotes and angle brackets", (uri) => `'<${uri}>'`],
    ["in typographic quotes", (uri) => `“${uri}”`],
    ["wrapped by a terminal", (uri) => (uri.match(/.{1,60}/g) ?? []).join("\n  ")],
    ["wrapped with carriage returns", (uri) => (uri.match(/.{1,80}/g) ?? []).join("\r\n")],
    ["with marks that nobody sees", (uri) => `\ufeff${uri.replace("/cb", "\u200b/cb")}\u2069`],
    ["with another parameter", (uri) => `${uri}&session_cookie=abc`],
    ["with the path of a server's callback", (uri) => uri.replace("?", "/api/user/token?")],
  ];
  test.each(forms)("%s is taken as if the browser had brought it", async (_, form) => {
    const { receiver, secrets, notices } = await open();
    const text = form(`${receiver.redirectUri}?token=${TOKEN}`);
    expect(receiver.paste(text)).toEqual({ kind: "accept", value: TOKEN });
    expect(await receiver.outcome).toBe(TOKEN);
    expect(secrets).toContain(TOKEN);
    expect(notices).toEqual([]);
  });

  test("that says failure ends the login", async () => {
    const { receiver } = await open();
    const uri = `${receiver.redirectUri}?error=access_denied&error_description=no%1b%5b2J`;
    expect(receiver.paste(uri)).toEqual({ kind: "fail", reason: "no[2J" });
    expect((await failureOf(receiver.outcome)).reason).toBe("no[2J");
  });

  const refused: [string, (uri: string) => string, RegExp][] = [
    ["with a bad token", (uri) => `${uri}?token=SECRET-CANARY`, /not base64/],
    ["without a token", (uri) => uri, /brought no answer/],
    ["with the token twice", (uri) => `${uri}?token=${TOKEN}&token=${TOKEN}`, /twice/],
    ["with a bad percent sequence", (uri) => `${uri}?token=%zz`, /cannot be read/],
    ["of an earlier login", (uri) => `${uri.slice(0, -43)}${"A".repeat(43)}?token=${TOKEN}`, /another login/],
    ["of another port", (uri) => `${uri.replace(/:\d+/, ":1")}?token=${TOKEN}`, /another login/],
    ["of another provider", (uri) => `${uri.replace("layer5", "other")}?token=${TOKEN}`, /another login/],
    ["of the result page", (uri) => uri.replace(/\/cb.*/, "/done"), /not the address/],
    ["with a letter beyond ASCII", (uri) => `${uri}?token=é`, /another login/],
  ];
  test.each(refused)("%s is refused with a reason, and the login waits", async (_, form, reason) => {
    const { receiver } = await open();
    const decision = receiver.paste(form(receiver.redirectUri));
    expect(decision).toMatchObject({ kind: "refuse", reason: expect.stringMatching(reason) });
    expect(JSON.stringify(decision)).not.toContain("CANARY");
    expect(receiver.paste(`${receiver.redirectUri}?token=${TOKEN}`)).toMatchObject({ kind: "accept" });
  });
});

describe("a pasted text that is no address of a receiver", () => {
  test.each([
    ["nothing", ""],
    ["a token", TOKEN],
    ["a word", "hello"],
    ["an address elsewhere", `https://meshery.example/cb/layer5/x?token=${TOKEN}`],
    ["a name that begins like ours", `http://localhost.evil.example/cb/layer5/x?token=${TOKEN}`],
    ["another local program", "http://localhost:1/dashboard"],
    ["another path", "/etc/passwd"],
    ["too much", `/cb/layer5/${"A".repeat(70_000)}`],
  ])("%s: undefined", async (_, text) => {
    const { receiver } = await open();
    expect(receiver.paste(text)).toBeUndefined();
  });

  test("long and repetitive texts are read in no time", async () => {
    const { receiver } = await open();
    for (const part of ["a", ".", "'", " ", "\u200b", "1:", "/cb/", "?#", "http://"]) {
      receiver.paste(part.repeat(60_000 / part.length));
    }
  }, 2000);
});

describe("callback and paste race", () => {
  test("the same answer both ways is one decision", async () => {
    let accepted = 0;
    const { receiver, path, notices } = await open({
      accept: (parameters) => {
        accepted += 1;
        return acceptToken(parameters);
      },
    });
    expect(receiver.paste(`${path}?token=${TOKEN}`)).toEqual({ kind: "accept", value: TOKEN });
    expect((await get(receiver.port, `${path}?token=${TOKEN}`)).status).toBe(303);
    expect(receiver.paste(`${path}?token=${TOKEN}`)).toEqual({ kind: "accept", value: TOKEN });
    expect([accepted, notices]).toEqual([1, []]);
  });

  test("a different paste after a callback is refused, and the other way round", async () => {
    const first = await open();
    await get(first.receiver.port, `${first.path}?token=${TOKEN}`);
    expect(first.receiver.paste(`${first.path}?token=${OTHER_TOKEN}`)).toMatchObject({ kind: "refuse" });
    expect(await first.receiver.outcome).toBe(TOKEN);

    const second = await open();
    second.receiver.paste(`${second.path}?token=${OTHER_TOKEN}`);
    expect((await get(second.receiver.port, `${second.path}?token=${TOKEN}`)).status).toBe(409);
    expect(await second.receiver.outcome).toBe(OTHER_TOKEN);
    expect(second.notices.map(({ kind }) => kind)).toEqual(["second-token"]);
  });
});

describe("a pasted address whose path the provider dropped", () => {
  test("is taken, since a person vouches for it", async () => {
    const { receiver } = await open();
    expect(receiver.paste(`http://localhost:${receiver.port}/?token=${TOKEN}`)).toMatchObject({
      kind: "accept",
    });
    expect(await receiver.outcome).toBe(TOKEN);
  });

  test("is refused when its port is another's, and when a browser brings it", async () => {
    const { receiver } = await open();
    expect(receiver.paste(`http://localhost:${receiver.port - 1}/?token=${TOKEN}`)).toBeUndefined();
    expect((await get(receiver.port, `/?token=${TOKEN}`)).status).toBe(404);
  });
});
