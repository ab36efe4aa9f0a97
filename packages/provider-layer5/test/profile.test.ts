import type { HostResponse } from "@meshauth/provider-api";
import { describe, expect, it } from "vitest";
import { readProfile } from "../src/profile.js";

function answer(body: unknown, { status = 200, type = "application/json" } = {}): HostResponse {
  const text = JSON.stringify(body);
  return { status, headers: new Headers({ "content-type": type }), text, json: () => JSON.parse(text) };
}

const read = (body: unknown, more = {}) => readProfile(answer(body, more), "https://cloud.example");

describe("a user object", () => {
  it.each([
    {
      casing: "snake",
      user: { id: "1", user_id: "x", first_name: "A", last_name: "B", email: "e@x.example" },
    },
    { casing: "camel", user: { id: "1", userId: "x", firstName: "A", lastName: "B", email: "e@x.example" } },
  ])("is read in $casing case", ({ user }) => {
    expect(read(user)).toEqual({ id: "1", name: "A B", email: "e@x.example" });
  });

  it("may lack all but an id, and hold empty texts", () => {
    expect(read({ id: "1", first_name: "", last_name: "B", email: "" })).toEqual({ id: "1", name: "B" });
    expect(read({ id: "", user_id: "x" })).toEqual({ id: "x" });
  });

  it("an id of zeros is one that was never set", () => {
    const zeros = "00000000-0000-0000-0000-000000000000";
    expect(read({ id: zeros, user_id: "x" })).toEqual({ id: "x" });
    expect(read({ id: zeros })).toEqual({ id: zeros });
  });

  it("does not say the identity provider's name for the person's", () => {
    expect(read({ id: "1", provider: "github" })).toEqual({ id: "1" });
  });

  it.each([null, [], "text", 7, {}, { id: 7 }, { name: "A" }, { id: "\u001b" }])("is not %j", (body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: "protocol" }));
  });
});

describe("a status", () => {
  it.each([
    [401, "denied"],
    [403, "denied"],
    [429, "unreachable"],
    [500, "unreachable"],
    [503, "unreachable"],
    [201, "protocol"],
    [302, "protocol"],
    [404, "protocol"],
  ])("%i is %s", (status, code) => {
    expect(() => read({ id: "1" }, { status })).toThrow(expect.objectContaining({ code }));
  });

  it("200 with a web page is no profile, whatever is in it", () => {
    expect(() => read({ id: "1" }, { type: "text/html; charset=utf-8" })).toThrow(
      expect.objectContaining({ code: "protocol" }),
    );
  });
});
