import { CONTRACT } from "../contract.js";
import type { Case } from "./case.js";
import { commonCases, otherToolCase, successCase } from "./later.js";
import { FAULT_KINDS } from "./servers.js";

/** The question who a credential belongs to. */
export const IDENTIFY_CASES: readonly Case[] = [
  successCase("identify", "It says who the credential belongs to", CONTRACT.identify),
  ...commonCases("identify", FAULT_KINDS, {
    failure: CONTRACT.identifyFailed,
    denied: CONTRACT.identifyFailed,
  }),
  otherToolCase("identify", [], CONTRACT.origin),
];
