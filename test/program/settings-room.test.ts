import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { expectFailure } from "../support/failure.js";
import { meshauth, PROGRAM } from "../support/program.js";
import { ACME, acmeHome, configure, settingsFile } from "../support/settings.js";

const BASE = "https://acme.example.com";

// A limit on the size of files stands for a disk that is full after the first blocks.
test("settings for which there is no room leave neither a part of themselves nor harm to the others", async () => {
  const home = acmeHome();
  const file = settingsFile(home);
  expect((await configure(home, "work", [ACME, "--base", BASE])).code).toBe(0);
  const before = readFileSync(file, "utf8");
  const command = ["sh", "-c", 'ulimit -f 2 && exec "$@"', "sh", process.execPath, PROGRAM] as const;
  const args = ["provider", "configure", ACME, "--base", BASE, "--note", "x".repeat(9_000), "--name", "more"];
  expectFailure(await meshauth(home, args, { command: [...command] }), 8, "MESHAUTH_E_STORE");
  expect(readFileSync(file, "utf8")).toBe(before);
  expect(readdirSync(dirname(file)).filter((name) => name.startsWith(".") || name.endsWith(".lock"))).toEqual(
    [],
  );
});
