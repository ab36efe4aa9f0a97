import type { Host } from "@meshauth/provider-api";
import { describe, expect, it } from "vitest";
import provider from "../src/index.js";
import { TOKEN } from "./server.js";

/** A host without a terminal. It can do no more than these tests need. */
const host = { interactive: false, secret: () => undefined } as unknown as Host;

const login = (token?: string) =>
  provider.login({ options: {}, force: false, ...(token === undefined ? {} : { token }) }, host);

describe("a token from standard input", () => {
  it("is taken without the line break behind it", async () => {
    expect(await login(`${TOKEN}\n`)).toMatchObject({ kind: "token", token: TOKEN });
  });

  it("is refused when it is none, and is not repeated in the error", async () => {
    const text = "not a token at all";
    const error = await login(text).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "input" });
    expect(JSON.stringify(error)).not.toContain(text);
  });
});

describe("without a token", () => {
  it("says which command works where nobody can be asked", async () => {
    await expect(login()).rejects.toMatchObject({
      code: "interaction",
      next: [expect.stringContaining("--token-stdin")],
    });
  });
});
