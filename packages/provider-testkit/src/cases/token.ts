import type { Bench } from "../bench/bench.js";
import { CONTRACT } from "../contract.js";
import type { LoginExample, ProviderExample } from "../definition.js";
import { failed, failedWith, PASSED, skipped, tell } from "../verdict.js";
import { type Case, NEEDS_LOGIN } from "./case.js";

/** What can come on standard input in the place of a token. Nothing of it can be stored as one. */
const NO_TOKENS = [
  "x",
  "two words",
  "<!doctype html><html><body>Sign in</body></html>",
  '{"error":"access_denied"}',
  "A".repeat(100_000),
  "\u0000\u001b[31mtoken",
];

/** A login with a token from elsewhere. */
export const TOKEN_CASES: readonly Case[] = [
  {
    id: "token.success",
    title: "A login takes a token from standard input",
    contract: CONTRACT.token,
    needs: NEEDS_LOGIN,
    async run(bench) {
      const login = await tokenLogin(bench);
      if (typeof login === "string") return skipped(login);
      const scene = await bench.open();
      const record = await scene.run("login", { login: tokenOf(scene.example) ?? login });
      return record.outcome.kind === "done" ? PASSED : failed("it gives a credential", tell(record, scene));
    },
  },
  {
    id: "token.malformed",
    title: "What is no token is refused",
    contract: CONTRACT.input,
    needs: NEEDS_LOGIN,
    async run(bench) {
      const login = await tokenLogin(bench);
      if (typeof login === "string") return skipped(login);
      for (const token of NO_TOKENS) {
        const scene = await bench.open();
        const record = await scene.run("login", { login: { ...login, token } });
        if (failedWith(record.outcome, ["input", "denied", "usage"])) continue;
        return failed(
          `it fails as input with ${JSON.stringify(token.slice(0, 30))} for a token`,
          tell(record, scene),
        );
      }
      return PASSED;
    },
  },
];

async function tokenLogin(bench: Bench): Promise<LoginExample | string> {
  if (!bench.entry.flows.includes("paste")) return "The provider does not have the flow paste.";
  return (
    tokenOf(await bench.example()) ?? "The example has no token: it would be in login.token or in tokenLogin."
  );
}

function tokenOf({ login, tokenLogin }: ProviderExample): LoginExample | undefined {
  return tokenLogin ?? (login.token === undefined ? undefined : login);
}
