import { goesBy, storableName } from "@meshauth/provider-api";
import { describe, expect, it } from "vitest";

const entry = { key: "cloud.example", name: "Meshery" };

describe("a provider that a server lists", () => {
  it.each(["Meshery", "mESHERY", "cloud.example", "Cloud.Example"])("goes by %s", (name) => {
    expect(goesBy(entry, name)).toBe(true);
  });

  it.each(["", "Mesher", "cloud"])("does not go by %j", (name) => {
    expect(goesBy(entry, name)).toBe(false);
  });

  it("is stored by its name, or by its key where no cookie could carry the name", () => {
    expect(storableName(entry)).toBe("Meshery");
    expect(storableName({ ...entry, name: "\u00dcber" })).toBe("cloud.example");
    expect(storableName({ key: "a;b", name: "\u00dcber" })).toBeUndefined();
  });
});
