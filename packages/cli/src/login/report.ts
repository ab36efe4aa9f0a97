import { isLocalName, type LoginReport, printable } from "@meshauth/core";
import { paint } from "../terminal/color.js";

/** What a login reports to people, on standard error. */
export function reportText(report: LoginReport): string {
  const { account, provider, verified, file, context } = report;
  const local = isLocalName(provider.name) && report.expiresAt === null && account === null;
  const headline = local
    ? `Signed in without an account (${provider.name}): all work stays local.`
    : `Signed in with ${provider.name}${account ? ` as ${nameOf(account)}` : ""}${verified ? "" : " (not verified)"}.`;
  return [
    paint("green", headline),
    `  File:     ${file}`,
    ...(context === null ? [] : [`  Context:  ${printable(context, 60)}`]),
    ...(local ? [] : [`  Validity: ${expiryText(report)}`]),
    "  Next:     meshauth check",
  ].join("\n");
}

/** An account for people: name and address, as far as they are known. */
export function nameOf({ id, name, email }: NonNullable<LoginReport["account"]>): string {
  if (name && email) return `${name} <${email}>`;
  return name ?? email ?? id;
}

/** When a credential ends, for people. */
export function expiryText({
  expiresAt,
  refreshable,
}: {
  expiresAt: string | null;
  refreshable: boolean;
}): string {
  if (expiresAt === null) return "not known to expire";
  const minute = expiresAt.slice(0, 16).replace("T", " ");
  return `expires ${minute} UTC${refreshable ? ", can be renewed" : ""}`;
}
