import { isAllowed } from "../bench/allowed-origins.js";
import type { Bench } from "../bench/bench.js";
import { CONTRACT } from "../contract.js";
import type { RunRecord } from "../protocol.js";
import { failed, failedByHost, failedOrderly, failedWith, PASSED, skipped, tell } from "../verdict.js";
import { type Case, NEEDS_LOGIN } from "./case.js";

/** How a login goes, well or without what it would need. */
export const LOGIN_CASES: readonly Case[] = [
  {
    id: "login.success",
    title: "A login succeeds and gives a credential that can be stored",
    contract: CONTRACT.credential,
    needs: ["module.agrees", "example.fits"],
    async run(bench) {
      const scene = await bench.open();
      const record = await scene.run("login");
      if (record.outcome.kind !== "done") return failed("it gives a credential", tell(record, scene));
      bench.login = record;
      return PASSED;
    },
  },
  {
    id: "login.declared",
    title: "A login uses and gives only what package.json declares",
    contract: CONTRACT.manifest,
    needs: NEEDS_LOGIN,
    async run(bench) {
      const flaw = bench.login && flawOf(bench.login, bench);
      return flaw ? failed("what it does agrees with package.json", flaw) : PASSED;
    },
  },
  {
    id: "login.no-person",
    title: "Where nobody can be asked, a login does without or says so",
    contract: CONTRACT.interaction,
    needs: NEEDS_LOGIN,
    blind: true,
    async run(bench) {
      const scene = await bench.open();
      const record = await scene.run("login", { person: "absent", noBrowser: false });
      const { outcome } = record;
      if (outcome.kind === "done" || failedByHost(outcome, "MESHAUTH_E_INTERACTION")) return PASSED;
      // Without an example the servers are not there either.
      const fine = bench.hasExample ? failedWith(outcome, ["interaction"]) : failedOrderly(outcome);
      return fine ? PASSED : failed("it succeeds, or fails as interaction", tell(record, scene));
    },
  },
  {
    id: "login.closed-input",
    title: "A login ends when standard input does",
    contract: CONTRACT.input,
    needs: NEEDS_LOGIN,
    async run(bench) {
      const reads = bench.login?.waits.some((name) =>
        ["ask", "confirm", "choose", "readStdin"].includes(name),
      );
      if (!reads) return skipped("The login of the example asks nothing and reads nothing.");
      const scene = await bench.open();
      const record = await scene.run("login", { person: "leaves" });
      if (failedOrderly(record.outcome)) return PASSED;
      return failed("it ends with the host's error, or fails as input", tell(record, scene));
    },
  },
  {
    id: "login.no-meshery-server",
    title: "A login copes without a Meshery Server",
    contract: CONTRACT.server,
    needs: NEEDS_LOGIN,
    async run(bench) {
      const scene = await bench.open();
      if (scene.example.mesheryServer === undefined) return skipped("The example has none: every login did.");
      const record = await scene.run("login", { noMesheryServer: true });
      const fine = record.outcome.kind === "done" || failedOrderly(record.outcome);
      return fine ? PASSED : failed("it succeeds, or fails with a ProviderError", tell(record, scene));
    },
  },
  {
    id: "saved.success",
    title: "What follows when a login was stored works",
    contract: CONTRACT.saved,
    needs: NEEDS_LOGIN,
    async run(bench) {
      if (!bench.methods.includes("saved")) return skipped("The provider has no function saved.");
      const scene = await bench.open();
      const record = await scene.run("saved");
      return record.outcome.kind === "done" ? PASSED : failed("it succeeds", tell(record, scene));
    },
  },
];

function flawOf({ optionsRead, waits, outcome }: RunRecord, { entry }: Bench): string | undefined {
  const declared = (entry.options ?? []).map(({ name }) => name);
  const unknown = optionsRead.find((name) => !declared.includes(name));
  if (unknown !== undefined) return `it reads the option "${unknown}", which is not declared`;
  if (waits.includes("listen") && !entry.flows.includes("browser")) {
    return "it waits for a browser, and the flow browser is not declared";
  }
  const credential = outcome.kind === "done" ? outcome.value.credential : undefined;
  const { serverNames = [], hosts = [] } = entry;
  if (credential === undefined) return undefined;
  if (
    serverNames.length > 0 &&
    !hosts.includes("configured") &&
    !serverNames.includes(credential.serverName)
  ) {
    return `its credential is for "${credential.serverName}", which is not among its serverNames`;
  }
  const { origin } = credential;
  const nothing = { request: { options: {}, force: false }, origins: [] };
  if (
    origin !== undefined &&
    !hosts.includes("configured") &&
    !isAllowed(new URL(origin).origin, entry, nothing)
  ) {
    return `the origin of its credential, ${origin}, is not among its hosts`;
  }
  return undefined;
}
