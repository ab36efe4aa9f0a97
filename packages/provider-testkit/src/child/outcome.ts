import { inspect } from "node:util";
import { isMeshauthError, toStored } from "@meshauth/core";
import { type Credential, isProviderError, type ProviderErrorCode } from "@meshauth/provider-api";
import type { Call, Failure, Outcome } from "../protocol.js";
import type { Recorder } from "./recorder.js";

const CODES: Readonly<Record<ProviderErrorCode, true>> = {
  denied: true,
  expired: true,
  usage: true,
  input: true,
  interaction: true,
  unreachable: true,
  protocol: true,
};

/** Looks at what a call gave as the program would. */
export function outcomeOf(call: Call, given: unknown, recorder: Recorder): Outcome {
  switch (call) {
    case "login":
    case "refresh":
      return credentialOf(given, recorder);
    case "identify":
      return accountOf(given);
    case "revoke":
      return revocationOf(given);
    case "load":
      return { kind: "done", value: { methods: given as readonly string[] } };
    case "saved":
      return { kind: "done", value: {} };
  }
}

function credentialOf(given: unknown, recorder: Recorder): Outcome {
  const credential = given as Credential;
  try {
    const { serverName, token } = toStored(credential, "this package");
    const { kind, origin, settings, members } = credential;
    for (const setting of Object.values(settings ?? {})) recorder.say("settings of the credential", setting);
    const value = {
      kind,
      serverName,
      token,
      ...(origin === undefined ? {} : { origin }),
      ...(settings === undefined ? {} : { settings }),
      ...(members === undefined ? {} : { members }),
    };
    return { kind: "done", value: { credential: value } };
  } catch (error) {
    const flaw = isMeshauthError(error) ? error.message : "what is no credential";
    return unfit(flaw.replace(/^.*? returned /, "").replace(/\.$/, ""));
  }
}

function accountOf(given: unknown): Outcome {
  const { id, name, email } = (given ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof id !== "string" || id.trim() === "") return unfit("an account without an id");
  if (name !== undefined && typeof name !== "string") return unfit("an account whose name is no text");
  if (email !== undefined && typeof email !== "string") return unfit("an account whose email is no text");
  const account = { id, ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
  return { kind: "done", value: { account } };
}

function revocationOf(given: unknown): Outcome {
  const { outcome, page } = (given ?? {}) as Readonly<Record<string, unknown>>;
  if (outcome === "revoked") return { kind: "done", value: { revocation: { outcome } } };
  if (outcome !== "not-supported") return unfit('neither "revoked" nor "not-supported"');
  if (page === undefined) return { kind: "done", value: { revocation: { outcome } } };
  if (typeof page !== "string" || !URL.canParse(page)) return unfit("a page that is no address");
  return { kind: "done", value: { revocation: { outcome, page } } };
}

function unfit(why: string): Outcome {
  return { kind: "unfit", why };
}

/** Puts an error into words, and writes down all that somebody could get to see of it. */
export function failureOf(error: unknown, signal: AbortSignal, recorder: Recorder): Failure {
  recordText(error, recorder);
  if (error === signal.reason && signal.aborted)
    return { class: "host", code: "aborted", message: "it was aborted" };
  if (isMeshauthError(error))
    return { class: "host", code: error.code, message: `${error.message} ${error.why}` };
  if (isProviderError(error)) {
    const { code, message, reason } = error;
    if (Object.hasOwn(CODES, code) && typeof message === "string") {
      const why = typeof reason === "string" ? ` ${reason}` : "";
      return { class: "provider", code, message: `${message}${why}` };
    }
    return {
      class: "defect",
      code: "ProviderError",
      message: `a ProviderError of the unknown code ${String(code)}`,
    };
  }
  return defectOf(error);
}

function defectOf(error: unknown): Failure {
  try {
    if (error instanceof Error) return { class: "defect", code: error.name, message: error.message };
    return { class: "defect", code: typeof error, message: inspect(error, { depth: 0 }).slice(0, 200) };
  } catch {
    return { class: "defect", code: typeof error, message: "what cannot be shown" };
  }
}

function recordText(error: unknown, recorder: Recorder): void {
  try {
    const { message, reason, next, cause } = (error ?? {}) as Readonly<Record<string, unknown>>;
    if (message !== undefined) recorder.say("error", message);
    if (reason !== undefined) recorder.say("reason of the error", reason);
    if (Array.isArray(next)) for (const step of next) recorder.say("step of the error", step);
    // A person sees the cause with DEBUG set.
    if (cause !== undefined) recorder.say("cause of the error", inspect(cause));
  } catch {
    recorder.say("error", "");
  }
}
