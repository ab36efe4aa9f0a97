import { inspectToken } from "@meshauth/provider-api/format";
import type { Bench } from "../bench/bench.js";
import { CONTRACT, type ContractLine } from "../contract.js";
import type { FaultKind, Outcome, RunRecord } from "../protocol.js";
import { failed, failedWith, PASSED, skipped, tell, type Verdict } from "../verdict.js";
import { type Case, NEEDS_LOGIN } from "./case.js";

/** Every way in which a server misbehaves, with what is said of it. */
export const FAULT_WORDS: Readonly<Record<FaultKind, string>> = {
  down: "refuses the connection",
  silent: "takes the connection and says nothing",
  slow: "sends its answer byte by byte",
  error: "is out of order (503)",
  redirect: "redirects elsewhere",
  html: "answers with a web page",
  huge: "answers with a gigabyte",
  empty: "answers with nothing",
  cut: "breaks off in the middle of its answer",
};

const KINDS = Object.keys(FAULT_WORDS) as readonly FaultKind[];

const PROTOCOL: ReadonlySet<FaultKind> = new Set(["redirect", "html", "huge", "empty"]);

/** A login at a server that misbehaves, from each of its requests on. */
export const SERVER_CASES: readonly Case[] = KINDS.map((kind) => ({
  id: `login.server-${kind}`,
  title: `A login ends in an error when the server ${FAULT_WORDS[kind]}`,
  contract: lineFor(kind),
  needs: NEEDS_LOGIN,
  run: async (bench) => await loginAt(bench, kind),
}));

function lineFor(kind: FaultKind): ContractLine {
  return PROTOCOL.has(kind) ? CONTRACT.protocol : CONTRACT.unreachable;
}

async function loginAt(bench: Bench, kind: FaultKind): Promise<Verdict> {
  const requests = bench.login?.fetches ?? [];
  if (requests.length === 0) return skipped("A login asks no server of its own.");
  for (const [index, request] of requests.entries()) {
    const scene = await bench.open();
    const record = await scene.run("login", { fault: { kind, at: index + 1 } });
    if (failedWith(record.outcome, ["unreachable", "protocol"]) || isSameLogin(record, bench.login)) continue;
    return failed(
      `it fails as unreachable or protocol when the answer to ${request} does not come as it should`,
      tell(record, scene),
    );
  }
  return PASSED;
}

/** A request may be one that a login or a renewal can do without: it gives the same token then. */
export function isSameLogin({ outcome }: RunRecord, other: RunRecord | undefined): boolean {
  const [a, b] = [identityOf(outcome), other && identityOf(other.outcome)];
  return a !== undefined && a === b;
}

function identityOf(outcome: Outcome): string | undefined {
  const credential = outcome.kind === "done" ? outcome.value.credential : undefined;
  if (credential === undefined) return undefined;
  const { kind, serverName, origin, token } = credential;
  // The end of a token may depend on the time.
  const { accessToken, refreshToken } = inspectToken(token);
  return JSON.stringify([kind, serverName, origin, accessToken, refreshToken]);
}

/** Every kind of fault at every request of a later call. @returns The first that does not end as it should. */
export async function atEveryFault(
  success: RunRecord,
  kinds: readonly FaultKind[],
  run: (kind: FaultKind, at: number) => Promise<{ readonly record: RunRecord; readonly told: string }>,
  isFine: (record: RunRecord) => boolean,
): Promise<Verdict> {
  if (success.fetches.length === 0) return skipped("It asks no server of its own.");
  for (const kind of kinds) {
    for (const [index, request] of success.fetches.entries()) {
      const { record, told } = await run(kind, index + 1);
      if (failedWith(record.outcome, ["unreachable", "protocol"]) || isFine(record)) continue;
      return failed(
        `it fails as unreachable or protocol when the server of ${request} ${FAULT_WORDS[kind]}`,
        told,
      );
    }
  }
  return PASSED;
}

export { KINDS as FAULT_KINDS };
