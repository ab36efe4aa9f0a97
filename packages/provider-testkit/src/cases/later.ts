import type { ProviderErrorCode } from "@meshauth/provider-api";
import { CONTRACT, type ContractLine } from "../contract.js";
import type { FaultKind, RunRecord } from "../protocol.js";
import { failed, failedOrderly, failedWith, PASSED, skipped, tell } from "../verdict.js";
import { type Case, NEEDS_LOGIN } from "./case.js";
import { denial, type Later, type LaterTry, missing, tryLater } from "./later-try.js";
import { atEveryFault, isSameLogin } from "./servers.js";
import { cancelledEverywhere } from "./stopped.js";

interface LaterLines {
  readonly failure: ContractLine;
  readonly denied: ContractLine;
}

/** The cases that are the same for all three functions. They need that the function succeeds. */
export function commonCases(call: Later, kinds: readonly FaultKind[], lines: LaterLines): readonly Case[] {
  const needs = [`${call}.success`];
  return [
    {
      id: `${call}.denied`,
      title: `When the provider says no, ${call} fails as denied`,
      contract: lines.denied,
      needs,
      async run(bench) {
        const denied = await denial(bench, call);
        if (denied === undefined)
          return skipped(`The example does not say how a server says no: ${call}.denied.`);
        const { record, scene } = await tryLater(bench, call, {}, (opened) => opened.replace(denied));
        if (record.fetches.length === 0) return skipped("It asks no server of its own.");
        return failedWith(record.outcome, ["denied"])
          ? PASSED
          : failed("it fails as denied", tell(record, scene));
      },
    },
    {
      id: `${call}.unreachable`,
      title: `When no good answer comes, ${call} fails as unreachable or protocol, never as denied`,
      contract: lines.failure,
      needs,
      async run(bench) {
        const { record: success } = await tryLater(bench, call);
        const tried = async (kind: FaultKind, at: number) => {
          const { record, scene } = await tryLater(bench, call, { fault: { kind, at } });
          return { record, told: tell(record, scene) };
        };
        return await atEveryFault(success, kinds, tried, (record) => isSameResult(record, success));
      },
    },
    {
      id: `${call}.cancelled`,
      title: `When it is cancelled, ${call} ends, whatever it waits for`,
      contract: CONTRACT.signal,
      needs,
      run: async (bench) =>
        await cancelledEverywhere(
          (await tryLater(bench, call)).record,
          async (stop) => (await tryLater(bench, call, { stop })).record,
        ),
    },
  ];
}

/** The case of a credential that another tool made: it has no address, and is nothing that the provider knows. */
export function otherToolCase(
  call: Later,
  codes: readonly ProviderErrorCode[],
  contract: ContractLine,
): Case {
  return {
    id: call === "refresh" ? "refresh.nothing" : `${call}.other-tool`,
    title:
      call === "refresh"
        ? "A credential that has nothing to renew it by fails as expired"
        : `With a credential that another tool wrote, ${call} works or fails as it should`,
    contract,
    needs: [`${call}.success`],
    blind: true,
    async run(bench) {
      const absent = missing(bench, call);
      if (absent) return absent;
      const scene = await bench.open();
      const [serverName = "Example"] = bench.entry.serverNames ?? [];
      const token = bench.options.secrets.make("token of another tool");
      const record = await scene.run(call, { credential: { kind: "token", serverName, token } });
      const [code] = codes;
      // Without an example the servers are not there either.
      if (code !== undefined && bench.hasExample) {
        return failedWith(record.outcome, codes)
          ? PASSED
          : failed(`it fails as ${code}`, tell(record, scene));
      }
      const fine = failedOrderly(record.outcome) || (code === undefined && record.outcome.kind === "done");
      return fine ? PASSED : failed("it fails with a ProviderError", tell(record, scene));
    },
  };
}

/** That a function works at all. */
export function successCase(
  call: Later,
  title: string,
  contract: ContractLine,
  judge: (attempt: LaterTry) => string | undefined = () => undefined,
): Case {
  return {
    id: `${call}.success`,
    title,
    contract,
    needs: NEEDS_LOGIN,
    async run(bench) {
      const absent = missing(bench, call);
      if (absent) return absent;
      const attempt = await tryLater(bench, call);
      if (attempt.record.outcome.kind !== "done")
        return failed("it succeeds", tell(attempt.record, attempt.scene));
      const flaw = judge(attempt);
      return flaw === undefined ? PASSED : failed("what it gives is what the contract says", flaw);
    },
  };
}

/** Who it is may also be known from elsewhere, from the Meshery Server for one; a renewal may do without a request. */
function isSameResult(record: RunRecord, success: RunRecord): boolean {
  const [a, b] = [record.outcome, success.outcome];
  if (a.kind !== "done" || b.kind !== "done") return false;
  if (a.value.account !== undefined) return a.value.account.id === b.value.account?.id;
  return isSameLogin(record, success);
}
