import { parseToken, storedToken } from "@meshauth/provider-api/format";
import { describe, expect, it } from "vitest";

describe("the stored form of a token", () => {
  it("is empty without an account", () => {
    expect(storedToken({ kind: "local", serverName: "None" })).toBe("");
  });

  it("is the token as it came", () => {
    expect(storedToken({ kind: "token", serverName: "Layer5", token: "made-up-token" })).toBe(
      "made-up-token",
    );
  });

  it("is an envelope of OAuth 2.0 parts", () => {
    const parts = { accessToken: "made-up-access-token", refreshToken: "made-up-refresh-token" };
    const token = storedToken({ kind: "oauth2", serverName: "Layer5", ...parts });
    expect(parseToken(token)).toEqual({ form: "envelope", tokenType: "bearer", ...parts });
  });
});
