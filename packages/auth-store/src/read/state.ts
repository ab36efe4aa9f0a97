import { type AuthJsonWarning, isJsonError, parseAuthJson } from "@meshauth/provider-api/format";
import { pause } from "../pause.js";
import { sha256 } from "../sha256.js";
import type { SystemFacts } from "../system.js";
import { shellWord, showPath } from "../text.js";
import type { CredentialState, StoreWarning } from "../types.js";
import { type FileContent, readOwnFile } from "./safe-read.js";

const RETRIES = 3;
const RETRY_AFTER = 50;
const OPEN_TO_OTHERS = 0o077;

/** What was read, with the bytes that it was read from; `undefined` for a missing file. */
export interface StateReading {
  readonly state: CredentialState;
  readonly bytes: Uint8Array | undefined;
}

/**
 * Reads the state of the file at a real path. mesheryctl truncates the file and then writes it, so one
 * that is empty or broken is looked at again a few times.
 */
export async function readState(
  file: string,
  system: SystemFacts,
  signal?: AbortSignal,
): Promise<StateReading> {
  for (let retry = 0; ; retry++) {
    const reading = await readStateOnce(file, system);
    if (isSettled(reading.state) || retry === RETRIES) return reading;
    await pause(RETRY_AFTER, signal);
  }
}

/** Whether a state is not one that another tool's write passes through. */
export function isSettled({ state }: CredentialState): boolean {
  return state === "present" || state === "missing";
}

/** Reads the state of the file as it is at this moment, which may be the middle of another tool's write. */
export async function readStateOnce(file: string, system: SystemFacts): Promise<StateReading> {
  const content = await readOwnFile(file, system);
  if (content === undefined)
    return { state: { state: "missing", digest: "missing", warnings: [] }, bytes: undefined };
  return { state: interpret(file, content, system), bytes: content.bytes };
}

function interpret(file: string, { bytes, stat }: FileContent, system: SystemFacts): CredentialState {
  const mode = Number(stat.mode) & 0o7777;
  const state = stateOf(bytes, mode);
  return { ...state, warnings: [...fileWarnings(file, mode, Number(stat.nlink), system), ...state.warnings] };
}

/** What bytes say as the content of a credential file with these permission bits. */
export function stateOf(bytes: Uint8Array, mode: number): CredentialState {
  const digest = sha256(bytes);
  if (bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))) {
    return { state: "logged-out", digest, warnings: [] };
  }
  try {
    const { serverName, token, members, warnings } = parseAuthJson(bytes, { lenient: true });
    return { state: "present", serverName, token, members, digest, mode, warnings: warnings.map(withAdvice) };
  } catch (error) {
    if (!isJsonError(error)) throw error;
    return { state: "damaged", reason: error.reason, bytes, digest, warnings: [] };
  }
}

function withAdvice({ code, message }: AuthJsonWarning): StoreWarning {
  return code === "ignored-key" ? { code, message } : { code, message, next: "meshauth login" };
}

function fileWarnings(file: string, mode: number, links: number, system: SystemFacts): StoreWarning[] {
  const warnings: StoreWarning[] = [];
  if (system.uid !== undefined && mode & OPEN_TO_OTHERS) {
    warnings.push({
      code: "mode",
      message: `Other users of this machine may use ${showPath(file)} (mode ${mode.toString(8).padStart(4, "0")}).`,
      next: `chmod 600 ${shellWord(file)}`,
    });
  }
  if (links > 1) {
    warnings.push({
      code: "hard-link",
      message: `${showPath(file)} has ${links} names; the next login leaves the old content under the others.`,
    });
  }
  return warnings;
}
