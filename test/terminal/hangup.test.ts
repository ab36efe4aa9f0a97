import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createSigningKey } from "@meshauth/meshery-simulator";
import { expect, test } from "vitest";
import { LINK } from "../support/login.js";
import { PROGRAM } from "../support/program.js";
import { simulatedHome } from "../support/simulated.js";
import { openTerminal } from "../support/terminal.js";
import { until } from "../support/wait.js";

const signingKey = await createSigningKey();

test.each([
  ["the wait for the browser", ["login", "layer5", "--no-browser"], LINK],
  ["a menu", ["login"], /Select a Provider/],
])(
  "a terminal that is closed during %s ends the program by the hangup, and not by a crash",
  async (_, args, seen) => {
    const { home } = await simulatedHome({ signingKey });
    const file = join(home.path, "code");
    // The shell outlives the terminal, to tell what became of the program.
    const script = `trap : HUP; "$@"; echo $? >'${file}'`;
    const command = ["/bin/sh", "-c", script, "sh", process.execPath, PROGRAM] as const;
    const terminal = openTerminal(home, args, { command });
    await terminal.see(seen);
    await terminal.silent();
    terminal.hangUp();
    const code = (): string => (existsSync(file) ? readFileSync(file, "utf8").trim() : "");
    await until(
      () => code() !== "",
      15_000,
      () => "The program lives on.",
    );
    // 128 and the number of the signal: 1 is the hangup, 6 and 11 are crashes.
    expect(["129", "130"]).toContain(code());
  },
);
