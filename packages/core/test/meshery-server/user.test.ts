import { describe, expect, test } from "vitest";
import { serve } from "../http/servers.js";
import { client } from "./client.js";
import { HTML, redirect, reply, SENT } from "./replies.js";

describe("the user", () => {
  const described = async (body: object) =>
    client(await serve(reply({ body: JSON.stringify(body) }))).user(SENT);

  test.each([
    [
      { id: "u-1", user_id: "s-1", first_name: "Ada", last_name: "L", email: "a@x.example" },
      { id: "u-1", name: "Ada L", email: "a@x.example" },
    ],
    [
      { id: "u-1", firstName: "Ada", lastName: "" },
      { id: "u-1", name: "Ada" },
    ],
    [
      { user_id: "meshery", first_name: "Meshery", last_name: "Meshery" },
      { id: "meshery", name: "Meshery Meshery" },
    ],
    [{ id: "00000000-0000-0000-0000-000000000000", user_id: "meshery" }, { id: "meshery" }],
    [{ id: "00000000-0000-0000-0000-000000000000" }, { id: "00000000-0000-0000-0000-000000000000" }],
    [
      { id: "u\u001b[2J-1", email: "a\n@x" },
      { id: "u[2J-1", email: "a @x" },
    ],
  ])("%j", async (body, account) => {
    expect(await described(body)).toEqual({ kind: "ok", value: account });
  });

  test("without an id is none", async () => {
    expect(await described({ email: "a@x.example" })).toMatchObject({ kind: "unavailable" });
    expect(await described({ id: 7 })).toMatchObject({ kind: "unavailable" });
  });

  test.each([
    ["404", { status: 404 }],
    ["the page of the user interface", HTML],
  ])("is asked for at the newer address when the older one gives %s", async (_, older) => {
    const url = await serve((request, response) => {
      if (request.url === "/api/user") return void reply(older)(request, response);
      response.end(request.url === "/api/identity/users/profile" ? '{"id":"u-1"}' : "");
    });
    expect(await client(url).user(SENT)).toEqual({ kind: "ok", value: { id: "u-1" } });
  });

  test("is not asked for twice when the first answer is a refusal or an outage", async () => {
    for (const answer of [redirect("/auth/login"), { status: 503, body: "{}" }]) {
      const seen: (string | undefined)[] = [];
      const url = await serve((request, response) => {
        seen.push(request.url);
        reply(answer)(request, response);
      });
      expect((await client(url).user(SENT)).kind).not.toBe("ok");
      expect(seen).toEqual(["/api/providers", "/api/user"]);
    }
  });
});
