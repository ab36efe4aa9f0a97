import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { serve } from "../http/servers.js";
import { call, type Person, type PersonOptions, person } from "./support.js";

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Someone whose server answers with what it was asked; the body in base64. */
async function echoed(options: Partial<PersonOptions> = {}): Promise<Person> {
  const server = await serve((request, response) => {
    if (request.url === "/api/providers") return void response.end("{}");
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString("base64") }));
    });
  });
  return await person({ server, token: "made-up-token-0123456789", ...options });
}

async function echo(someone: Person, input: Parameters<typeof call>[1]): Promise<Echo> {
  const { body, error } = await call(someone, { path: "/api/x", ...input });
  if (error) throw error;
  return JSON.parse(body.toString());
}

const text = ({ body }: Echo): string => Buffer.from(body, "base64").toString();

test("the method is GET, with data POST, or the one that is named, in any case", async () => {
  const someone = await echoed();
  expect((await echo(someone, {})).method).toBe("GET");
  expect((await echo(someone, { data: "" })).method).toBe("POST");
  expect((await echo(someone, { method: "patch", data: "x" })).method).toBe("PATCH");
  expect((await echo(someone, { method: "Delete" })).method).toBe("DELETE");
});

test.each(["CONNECT", "trace", "TRACK", "BAD METHOD", "GET\r\n", "", "/api/user"])(
  "the method %j is refused: exit 2",
  async (method) => {
    expect((await call(await echoed(), { method })).error).toMatchObject({
      code: "MESHAUTH_E_USAGE",
      exitCode: 2,
    });
  },
);

test.each(["GET", "head"])("%s takes no data: exit 2", async (method) => {
  expect((await call(await echoed(), { method, data: "x" })).error?.exitCode).toBe(2);
});

test("the credential is in the cookie, the token first, and nothing is in Authorization", async () => {
  const { headers, url } = await echo(await echoed({ serverName: "Two Words" }), { path: "api/x?a=b" });
  expect(headers["cookie"]).toBe('token=made-up-token-0123456789; meshery-provider="Two Words"');
  expect(headers["authorization"]).toBeUndefined();
  expect(headers["user-agent"]).toBe("meshauth/0.0.0 test");
  expect(url).toBe("/api/x?a=b");
});

test("headers are sent as they are given", async () => {
  const { headers } = await echo(await echoed(), { headers: ["X-A: 1", "x-a: 2", "Accept: text/plain"] });
  expect(headers).toMatchObject({ "x-a": "1, 2", accept: "text/plain" });
});

describe("data", () => {
  test("that is JSON says so, unless a header says otherwise", async () => {
    const someone = await echoed();
    expect((await echo(someone, { data: '{"a":1}' })).headers["content-type"]).toBe("application/json");
    expect((await echo(someone, { data: "a=b" })).headers["content-type"]).toBeUndefined();
    const yaml = { data: "1", headers: ["CONTENT-TYPE: text/yaml"] };
    expect((await echo(someone, yaml)).headers["content-type"]).toBe("text/yaml");
  });

  test("comes from standard input for - and @-", async () => {
    const someone = await echoed({ stdin: "from a pipe \u00e4" });
    expect(text(await echo(someone, { data: "-" }))).toBe("from a pipe \u00e4");
    expect(text(await echo(someone, { data: "@-" }))).toBe("from a pipe \u00e4");
  });

  test("comes from a file byte for byte, its path relative to the current folder", async () => {
    const someone = await echoed();
    const bytes = Buffer.from([0, 255, 10, 13, 128]);
    await writeFile(join(someone.runtime.cwd, "data.bin"), bytes);
    expect((await echo(someone, { data: "@data.bin" })).body).toBe(bytes.toString("base64"));
    expect((await echo(someone, { data: `@${join(someone.runtime.cwd, "data.bin")}` })).body).not.toBe("");
  });

  test.each([
    ["@", /name of the file is missing/],
    ["@missing", /does not exist/],
    ["@folder", /is a folder/],
    ["@/dev/zero", /more than 64 MiB/],
    ["-", /Standard input is a terminal/],
  ])("%s that cannot be read: exit 2, and nothing is sent (A19)", async (data, why) => {
    const someone = await echoed();
    await mkdir(join(someone.runtime.cwd, "folder"));
    const { error } = await call(someone, { data });
    expect([error?.exitCode, error?.why]).toEqual([2, expect.stringMatching(why)]);
  });
});

test("a server below a path gets its requests there", async () => {
  const someone = await echoed();
  const server = `${someone.runtime.env["MESHERY_SERVER_URL"]}/meshery`;
  const { body } = await call(someone, { path: "/api/user", target: { server } });
  expect(JSON.parse(body.toString()).url).toBe("/meshery/api/user");
});
