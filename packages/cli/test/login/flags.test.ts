import type { InstalledProvider } from "@meshauth/core";
import type { Flow } from "@meshauth/provider-api";
import { expect, test } from "vitest";
import { flagsOf } from "../../src/login/flags.js";

/** The help of `--paste` for a provider with these flows. */
function pasteHelp(flows: readonly Flow[]): string | undefined {
  const entry = { id: "acme", title: "Acme", summary: "Sign in at Acme", module: "./index.js", flows };
  return flagsOf({ entry } as InstalledProvider)["paste"]?.description;
}

test("--paste speaks of a token only where one can be pasted", () => {
  expect(pasteHelp(["browser"])).toBe("Open nothing, and paste the address of the last page.");
  expect(pasteHelp(["browser", "paste"])).toBe(
    "Open nothing, and paste the address of the last page or a token.",
  );
  expect(pasteHelp(["device"])).toBeUndefined();
});
