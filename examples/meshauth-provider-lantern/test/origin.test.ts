import type { Choice, Host } from "@meshauth/provider-api";
import { describe, expect, it } from "vitest";
import { chooseOrigin } from "../src/origin.js";

/** A host whose person always takes the last choice. */
const terminal = {
  interactive: true,
  choose: async ({ choices }: { choices: readonly Choice[] }) => choices.at(-1)?.value ?? "",
} as unknown as Host;
const nobody = { interactive: false } as unknown as Host;

describe("which Lantern server it is", () => {
  it("is what was given", async () => {
    expect(await chooseOrigin({ region: "eu" }, nobody)).toBe("https://eu.lantern.example");
    expect(await chooseOrigin({ url: "http://127.0.0.1:4190/x" }, nobody)).toBe("http://127.0.0.1:4190");
    expect(await chooseOrigin({ url: "https://lantern.test", region: "eu" }, nobody)).toBe(
      "https://lantern.test",
    );
  });

  it("is what the person chooses, when nothing was given", async () => {
    expect(await chooseOrigin({}, terminal)).toBe("https://us.lantern.example");
  });

  it("has to be said where nobody can be asked", async () => {
    await expect(chooseOrigin({}, nobody)).rejects.toMatchObject({
      code: "interaction",
      next: ["meshauth login lantern --region eu", "meshauth login lantern --region us"],
    });
  });

  it.each([
    { region: "moon" },
    { url: "no address" },
    { url: "ftp://lantern.test" },
    { url: "http://lantern.test" },
  ])("cannot be %j", async (options) => {
    await expect(chooseOrigin(options, terminal)).rejects.toMatchObject({ code: "usage" });
  });
});
