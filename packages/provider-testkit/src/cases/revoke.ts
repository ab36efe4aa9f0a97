import { CONTRACT } from "../contract.js";
import type { Case } from "./case.js";
import { commonCases, otherToolCase, successCase } from "./later.js";
import { FAULT_KINDS } from "./servers.js";

/** An empty answer with the status 200 is a confirmation (RFC 7009 section 2.2). */
const KINDS = FAULT_KINDS.filter((kind) => kind !== "empty");

/** The end of a credential at its provider. */
export const REVOKE_CASES: readonly Case[] = [
  successCase("revoke", "A revocation says what became of the credential", CONTRACT.revoked),
  ...commonCases("revoke", KINDS, { failure: CONTRACT.revokeFailed, denied: CONTRACT.revokeFailed }),
  otherToolCase("revoke", [], CONTRACT.origin),
];
