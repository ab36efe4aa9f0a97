import type { HostResponse } from "@meshauth/provider-api";
import { describe, expect, it } from "vitest";
import { readProfile } from "../src/profile.js";

function answer(body: unknown, { status = 200, type = "application/json" } = {}): HostResponse {
  const text = JSON.stringify(body);
  return { status, headers: new Headers({ "content-type": type }), text, json: () => JSON.parse(text) };
}

const read = (body: unknown, more = {}) => readProfile(answer(body, more), "https://cloud.example");

describe("a profile", () => {
  it("says whose the token is", () => {
    expect(read({ id: "1", first_name: "A", last_name: "B" })).toEqual({ id: "1", name: "A B" });
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
