import { inspectToken, storedToken } from "@meshauth/provider-api/format";
import type { Bench } from "../bench/bench.js";
import { CONTRACT } from "../contract.js";
import { failed, PASSED, skipped, tell, type Verdict } from "../verdict.js";
import type { Case } from "./case.js";
import { commonCases, otherToolCase, successCase } from "./later.js";
import { type LaterTry, tryLater } from "./later-try.js";
import { FAULT_KINDS, FAULT_WORDS } from "./servers.js";

/** Faults by which an answer gets lost: the server may have renewed all the same. */
const LOSSES = ["silent", "slow", "cut"] as const;

/** Renewals. */
export const REFRESH_CASES: readonly Case[] = [
  successCase(
    "refresh",
    "A renewal gives another token, and keeps name and address",
    CONTRACT.renewed,
    flawOf,
  ),
  {
    id: "refresh.rotated",
    title: "What a renewal gave can be renewed once more",
    contract: CONTRACT.renewable,
    needs: ["refresh.success"],
    run: twice,
  },
  ...commonCases("refresh", FAULT_KINDS, {
    failure: CONTRACT.refreshLater,
    denied: CONTRACT.refreshDenied,
  }),
  {
    id: "refresh.once",
    title: "When an answer is lost, the refresh token is not presented again",
    contract: CONTRACT.refreshOnce,
    needs: ["refresh.success"],
    run: once,
  },
  otherToolCase("refresh", ["expired", "denied"], CONTRACT.refreshNothing),
];

function flawOf({ credential, record }: LaterTry): string | undefined {
  const renewed = record.outcome.kind === "done" ? record.outcome.value.credential : undefined;
  if (renewed === undefined) return "it gave no credential";
  if (renewed.token === storedToken(credential)) return "it gave back the token that it was called with";
  if (renewed.serverName !== credential.serverName) {
    return `its serverName "${credential.serverName}" has become "${renewed.serverName}"`;
  }
  if (renewed.origin !== credential.origin) {
    return `its origin ${credential.origin ?? "(none)"} has become ${renewed.origin ?? "(none)"}`;
  }
  return undefined;
}

/** A provider that keeps the old refresh token where the server gave a new one fails the second time. */
async function twice(bench: Bench): Promise<Verdict> {
  const { scene, record, credential } = await tryLater(bench, "refresh");
  const renewed = record.outcome.kind === "done" ? record.outcome.value.credential : undefined;
  if (renewed === undefined) return failed("the first renewal succeeds", tell(record, scene));
  const { token, settings } = renewed;
  const next = {
    ...credential,
    kind: "token",
    token,
    ...(settings === undefined ? {} : { settings }),
  } as const;
  const second = await scene.run("refresh", { credential: next });
  return second.outcome.kind === "done" ? PASSED : failed("the second renewal succeeds", tell(second, scene));
}

async function once(bench: Bench): Promise<Verdict> {
  const normal = await tryLater(bench, "refresh");
  const { refreshToken } = inspectToken(storedToken(normal.credential));
  if (refreshToken === undefined) return skipped("The credential has no refresh token.");
  const presented = ({ scene }: LaterTry): number =>
    scene.requests.filter((request) => request.includes(refreshToken)).length;
  for (const kind of LOSSES) {
    for (const [index] of normal.record.fetches.entries()) {
      const attempt = await tryLater(bench, "refresh", { fault: { kind, at: index + 1 } });
      if (presented(attempt) <= presented(normal)) continue;
      return failed(
        `it presents the refresh token once when the server ${FAULT_WORDS[kind]}`,
        `it presented it ${presented(attempt)} times`,
      );
    }
  }
  return PASSED;
}
