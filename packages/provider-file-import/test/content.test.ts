import { inspectToken } from "@meshauth/provider-api/format";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ENVELOPE,
  type Folder,
  type Importing,
  importFile,
  jwt,
  makeFolder,
  map,
} from "./support/importing.js";

let folder: Folder;
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(() => folder.remove());

async function importText(text: string | Uint8Array, importing?: Importing) {
  return importFile(await folder.write("auth.json", text), importing);
}

const refused = (reason: string | RegExp) => ({
  code: "input",
  message: expect.stringMatching(
    typeof reason === "string" ? reason.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : reason,
  ),
});

describe("what is accepted", () => {
  it("the two-string map, and its token byte for byte", async () => {
    const { credential, host } = await importText(`${map("Layer5", ENVELOPE)}\n`);
    expect(credential).toEqual({ kind: "token", serverName: "Layer5", token: ENVELOPE });
    expect(host.steps()).toEqual(['auth.json: an auth.json, for the provider "Layer5"']);
    expect(host.warnings()).toEqual([]);
  });

  it("A20: further string members are kept, and the provider is named", async () => {
    const { credential, host } = await importText(map("Acme", ENVELOPE, { note: "kept", "": "too" }));
    expect(credential).toMatchObject({ serverName: "Acme", members: { note: "kept", "": "too" } });
    expect(host.steps().join()).toContain('"Acme"');
  });

  it.each(["None", "Local", "none"])("the local provider %s with its empty token", async (name) => {
    const { credential } = await importText(map(name, ""));
    expect(credential).toEqual({ kind: "local", serverName: name });
  });

  it.each([
    { casing: "camel case", record: { accessToken: jwt(), refreshToken: "made-up-refresh", isOauth: true } },
    {
      casing: "snake case",
      record: { access_token: jwt(), refresh_token: "made-up-refresh", is_oauth: true },
    },
  ])("a token record in $casing with a refresh token, as an envelope of both", async ({ record }) => {
    const text = JSON.stringify({ id: "1", provider: "github", name: "ci", createdAt: null, ...record });
    const { credential, host } = await importText(text, { options: { "provider-name": "Layer5" } });
    expect(credential).toEqual({
      kind: "oauth2",
      serverName: "Layer5",
      accessToken: jwt(),
      refreshToken: "made-up-refresh",
    });
    expect(host.steps().join()).toContain("a token record of the cloud");
  });

  it.each([null, "", undefined])(
    "an API token's record (refresh token %j) as the bare token",
    async (refreshToken) => {
      const { credential } = await importText(
        JSON.stringify({ accessToken: jwt(), refreshToken, isOauth: false }),
      );
      expect(credential).toMatchObject({ kind: "token", token: jwt() });
    },
  );

  it("the identity provider of a record is not taken for Meshery's provider", async () => {
    const { credential } = await importText(JSON.stringify({ provider: "github", accessToken: jwt() }));
    expect(credential.serverName).toBe("Layer5");
  });

  it("the JSON inside a token envelope, with its expiry", async () => {
    const expiry = "2999-01-01T00:00:00Z";
    const { credential } = await importText(
      JSON.stringify({ access_token: jwt(), token_type: "bearer", expiry }),
    );
    expect(credential).toMatchObject({ kind: "oauth2", expiry });
  });

  it("a page with one record", async () => {
    const page = { page: 0, totalCount: 1, tokens: [{ accessToken: jwt(), isOauth: false }] };
    const { credential, host } = await importText(JSON.stringify(page));
    expect(credential).toMatchObject({ token: jwt() });
    expect(host.steps().join()).toContain("a page with one token record");
  });

  it.each([
    ["an envelope", ENVELOPE],
    ["a JWT", jwt()],
    ["an API token", "made-up.api-token"],
  ])("%s by itself", async (_, token) => {
    const { credential, host } = await importText(`${token}\r\n`);
    expect(credential).toMatchObject({ kind: "token", token });
    expect(host.steps().join()).toContain("a token by itself");
  });

  it("T04: a byte-order mark, which is left out and told of", async () => {
    const { credential, host } = await importText(`\ufeff${map("Layer5", ENVELOPE)}`);
    expect(credential).toMatchObject({ token: ENVELOPE });
    expect(host.steps()[0]).toMatch(/byte-order mark/);
  });

  it("T04: CRLF line ends, without a word", async () => {
    const text = `{\r\n  "meshery-provider": "Layer5",\r\n  "token": "${ENVELOPE}"\r\n}\r\n`;
    const { credential, host } = await importText(text);
    expect(credential).toMatchObject({ token: ENVELOPE });
    expect(host.events).toHaveLength(1);
  });
});

describe("T06, T07: maps that readers would understand differently", () => {
  it("T06: a key twice", async () => {
    const text = `{"meshery-provider":"Layer5","token":"${ENVELOPE}","token":"made-up-other"}`;
    await expect(importText(text)).rejects.toMatchObject(refused('duplicate key "token"'));
  });

  it.each([
    ["null", "null"],
    ["42", "a number"],
    ["true", "a boolean"],
    ["[]", "an array"],
    ['{"a":1}', "an object"],
  ])("T07: a token that is %s", async (value, type) => {
    const text = `{"meshery-provider":"Layer5","token":${value}}`;
    await expect(importText(text)).rejects.toMatchObject(
      refused(`the value of "token" is ${type}, not a string`),
    );
  });

  it("T07: a further member that is no string", async () => {
    await expect(importText(map("Layer5", ENVELOPE, { at: 1 }))).rejects.toMatchObject(
      refused('the value of "at" is a number'),
    );
  });

  it.each([
    ["[]", "an array"],
    ['"text"', "a string"],
    ["null", "null"],
    ["12345678", "a number"],
  ])("T07: %s at the top", async (text, type) => {
    await expect(importText(text)).rejects.toMatchObject(refused(`it holds ${type} where an object is due`));
  });
});

describe("T08: keys that reach a prototype", () => {
  it.each([
    ["__proto__", '"x"'],
    ["__proto__", '{"polluted":true}'],
    ["constructor", '"x"'],
    ["prototype", '"x"'],
  ])("%s: %s is refused in a map and in a record", async (key, value) => {
    for (const rest of [`"meshery-provider":"Layer5","token":"${ENVELOPE}"`, `"accessToken":"${jwt()}"`]) {
      await expect(importText(`{"${key}":${value},${rest}}`)).rejects.toMatchObject({ code: "input" });
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("in the record of a page", async () => {
    const text = `{"tokens":[{"accessToken":"${jwt()}","__proto__":{"polluted":true}}]}`;
    await expect(importText(text)).rejects.toMatchObject(refused('the key "__proto__" is not allowed'));
  });
});

describe("other refusals name their reason", () => {
  it("T09: 100,000 nested arrays", async () => {
    const text = `{"token":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    await expect(importText(text)).rejects.toMatchObject(refused(/nested more than/));
  });

  it.each([
    ["an empty file", "", "it is empty"],
    ["white space", " \n\t", "it is empty"],
    ["a web page", "<!DOCTYPE html><title>Meshery</title>", "it is a web page"],
    ["cut-off JSON", '{"meshery-provider":"Layer5","tok', "cut off"],
    ["text after the object", `${map("Layer5", ENVELOPE)}S0tLS0tCg==`, "more text after the end"],
    ["a sentence", "not a token at all", "neither JSON nor a token"],
    ["an error document", '{"error":"no such token"}', 'neither "token" nor an access token'],
    ["an empty object", "{}", 'neither "token" nor an access token'],
    ["an empty page", '{"tokens":[],"totalCount":0}', "its page holds no token"],
    ["a page of two", '{"tokens":[{},{}]}', "its page holds 2 tokens"],
    ["a page that is none", '{"tokens":7}', 'the value of "tokens" is a number'],
    ["a page of something else", '{"tokens":["x"]}', "something other than a token record"],
    ["a page of an empty record", '{"tokens":[{"id":"1"}]}', "has no access token"],
    ["an access token that is no text", '{"accessToken":7}', '"accessToken" is not a string'],
    ["two spellings that differ", '{"accessToken":"aaaaaaaa","access_token":"bbbbbbbb"}', "are different"],
    ["a map without token and name", '{"token":""}', "neither a token nor the name of a provider"],
    ["a remote provider without a token", map("Layer5", ""), 'it has no token for the provider "Layer5"'],
    ["a local provider with a token", map("None", ENVELOPE), "is a provider without accounts"],
    ["padded base64", map("Layer5", `${ENVELOPE}=`), "token is refused"],
    [
      "padded base64 by itself",
      `${Buffer.from('{"access_token":"aaaaaaaa"}').toString("base64")}=`,
      "padded",
    ],
    ["URL-safe base64", Buffer.from('{"access_token":"~~~???~~~???"}').toString("base64url"), "URL-safe"],
    ["an envelope without access_token", Buffer.from('{"a":"b?"}  ').toString("base64"), "no access_token"],
    ["a provider's name with a line break", map("Lay\ner5", ENVELOPE), "the provider's name in it"],
    ["a provider's name that would end a cookie", map("a;b", ENVELOPE), "the provider's name in it"],
  ])("%s", async (_, text, reason) => {
    await expect(importText(text)).rejects.toMatchObject(refused(reason));
  });

  it("UTF-16, as some editors save", async () => {
    const text = Buffer.from(`\ufeff${map("Layer5", ENVELOPE)}`, "utf16le");
    await expect(importText(text)).rejects.toMatchObject(refused("UTF-16"));
  });

  it("bytes that are no text", async () => {
    await expect(importText(Buffer.from([0x7b, 0xff, 0x00]))).rejects.toMatchObject(
      refused("not valid UTF-8"),
    );
  });
});

describe("a token that is out of date", () => {
  const now = new Date("2026-11-25T12:00:00Z");
  const past = jwt(Date.parse("2026-11-25T11:00:00Z") / 1000);

  it("is refused without a refresh token, and --force overrides", async () => {
    await expect(importText(map("Layer5", past), { now })).rejects.toMatchObject({
      code: "expired",
      reason: expect.stringContaining("2026-11-25T11:00:00.000Z"),
      next: expect.arrayContaining(["meshauth login file-import FILE --force"]),
    });
    const { credential } = await importText(map("Layer5", past), { now, force: true });
    expect(credential).toMatchObject({ token: past });
  });

  it("is taken with a refresh token: its hour is over, the login is not", async () => {
    const { credential } = await importText(
      JSON.stringify({ accessToken: past, refreshToken: "made-up-refresh" }),
      { now },
    );
    expect(credential.kind).toBe("oauth2");
  });

  it("an API token has no end", async () => {
    expect(inspectToken(jwt()).expiresAt).toBeUndefined();
    await expect(importText(jwt(), { now })).resolves.toBeDefined();
  });
});
