import { type ContextStatus, printable, type StatusReport } from "@meshauth/core";
import { expiryText } from "./login/report.js";
import { hasExpiry, shortNameOf, stateText } from "./login/state.js";

/** Who is signed in where, for people: a line for each context, the current one first. */
export function statusText({ contexts }: StatusReport, stdout: { readonly isTTY?: boolean }): string {
  const several = contexts.length > 1;
  const mark = (index: number): string => (several ? (index === 0 ? "* " : "  ") : "");
  return contexts.map((context, index) => `${mark(index)}${line(context, stdout)}`).join("\n");
}

function line(
  { name, state, provider, account, expiresAt, refreshable, file, source, problem, server }: ContextStatus,
  stdout: { readonly isTTY?: boolean },
): string {
  const who = shortNameOf(account);
  return [
    ...(name === null ? [] : [`${printable(name, 60)}:`]),
    stateText(state, stdout),
    ...(provider === null ? [] : [provider]),
    ...(who === undefined ? [] : [who]),
    ...(hasExpiry(state) && problem === undefined ? [expiryText({ expiresAt, refreshable })] : []),
    source === "environment" ? "MESHERY_API_TOKEN" : printable(file, 1000),
    ...(problem === undefined ? [] : [`(${problem})`]),
    ...(server === undefined ? [] : [`(${server.message})`]),
  ].join("  ");
}
