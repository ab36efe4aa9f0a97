import type { Bench, Seen } from "../bench/bench.js";
import { CONTRACT, type ContractLine } from "../contract.js";
import type { Breach } from "../protocol.js";
import { failed, PASSED, skipped, type Verdict } from "../verdict.js";
import type { Case } from "./case.js";
import { tryOddTokens } from "./odd-tokens.js";

/** How many breaches are told of. */
const TOLD = 3;

const NOT_RUN = skipped("No code of the provider was run.");

/** What holds over all the tries of the other cases. */
export const ALWAYS_CASES: readonly Case[] = [
  breachCase("always.prints-nothing", "Nothing is printed, at import or later", "prints", CONTRACT.login),
  breachCase("always.writes-nothing", "No file is made, changed or removed", "writes", CONTRACT.login),
  breachCase("always.declared-hosts", "Only declared hosts are asked or linked to", "host", CONTRACT.hosts),
  breachCase("always.through-host", "No connection is opened past the host", "connects", CONTRACT.host),
  breachCase("always.starts-nothing", "No other program is started", "starts", CONTRACT.host),
  breachCase(
    "always.fails-in-front",
    "Nothing fails in the background, or asks for ever",
    "strays",
    CONTRACT.defect,
  ),
  {
    id: "always.keeps-secrets",
    title: "No secret is in a message, a debug line or an error",
    contract: CONTRACT.secret,
    needs: [],
    async run(bench) {
      if (bench.runs === 0) return NOT_RUN;
      await tryOddTokens(bench);
      const { secrets } = bench.options;
      const found = secrets.findIn(bench.said);
      if (found.length === 0) return PASSED;
      const places = [...new Set(found.map(({ where, case: id }) => `in the ${where} (${id})`))];
      return failed("every text is without a secret and parts of one", `there was one ${list(places)}`);
    },
  },
];

function breachCase(id: string, title: string, kind: Breach["kind"], contract: ContractLine): Case {
  return {
    id,
    title,
    contract,
    needs: [],
    async run(bench: Bench): Promise<Verdict> {
      if (bench.runs === 0) return NOT_RUN;
      const found = bench.breaches.filter((breach) => breach.kind === kind);
      if (found.length === 0) return PASSED;
      return failed("it never does so", `it ${list(told(found))}`);
    },
  };
}

function told(breaches: readonly Seen<Breach>[]): string[] {
  const first = new Map<string, string>();
  for (const { what, case: id } of breaches) if (!first.has(what)) first.set(what, id);
  return [...first].map(([what, id]) => `${what} (${id})`);
}

function list(items: readonly string[]): string {
  const more = items.length - TOLD;
  return `${items.slice(0, TOLD).join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
}
