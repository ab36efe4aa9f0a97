import { readAccount } from "@meshauth/provider-api/format";
import { describe, expect, it } from "vitest";

describe("a user object", () => {
  it.each([
    {
      casing: "snake",
      user: { id: "1", user_id: "x", first_name: "A", last_name: "B", email: "e@x.example" },
    },
    { casing: "camel", user: { id: "1", userId: "x", firstName: "A", lastName: "B", email: "e@x.example" } },
  ])("is read in $casing case", ({ user }) => {
    expect(readAccount(user)).toEqual({ id: "1", name: "A B", email: "e@x.example" });
  });

  it("may lack all but an id, and hold empty texts", () => {
    expect(readAccount({ id: "1", first_name: "", last_name: "B", email: "" })).toEqual({
      id: "1",
      name: "B",
    });
    expect(readAccount({ id: "", user_id: "x" })).toEqual({ id: "x" });
  });

  it("an id of zeros is one that was never set", () => {
    const zeros = "00000000-0000-0000-0000-000000000000";
    expect(readAccount({ id: zeros, user_id: "x" })).toEqual({ id: "x" });
    expect(readAccount({ id: zeros })).toEqual({ id: zeros });
  });

  it("does not say the identity provider's name for the person's", () => {
    expect(readAccount({ id: "1", provider: "github" })).toEqual({ id: "1" });
  });

  it("is made printable", () => {
    expect(readAccount({ id: "u\u001b[2J-1", email: "a\n@x" })).toEqual({ id: "u[2J-1", email: "a @x" });
  });

  it.each([null, [], "text", 7, {}, { id: 7 }, { name: "A" }, { id: "\u001b" }, Object.create({ id: "1" })])(
    "is not %j",
    (body) => {
      expect(readAccount(body)).toBeUndefined();
    },
  );
});
