import { isJsonObject, type JsonObject, MeshauthError, member, printable } from "@meshauth/core";
import { isUnreachable, npmErrorOf } from "./npm-failure.js";
import { timedAnswer } from "./npm-time.js";
import type { RegistryFacts } from "./registry-facts.js";
import type { PluginWork } from "./work.js";

/** How a claim about a package stands: whoever checks it says no more than this. */
export interface ClaimState {
  /**
   * `valid`: npm has checked it. `missing`: the registry makes such claims, and there is none for this package.
   * `not-available`: nobody can tell; `reason` says why.
   */
  readonly state: "valid" | "missing" | "not-available";
  /** A sentence without its full stop. */
  readonly reason: string | null;
}

/** What npm says of the registry's signature, and of the proof of where a package was built. */
export interface Claims {
  readonly signature: ClaimState;
  readonly provenance: ClaimState;
}

/** What npm found out about one package. */
export interface SignatureCheck {
  /** The registry signs its packages, and not this one. */
  readonly missing: boolean;
  /** There is a proof of where it was built, and it is good. */
  readonly proven: boolean;
}

/** Failures that are not about reaching somebody: what was signed is not what there is. */
const FORGED: ReadonlySet<string> = new Set(["EEXPIREDSIGNATUREKEY", "EMANIFESTMISMATCH"]);

/**
 * Has npm check the signatures of a staged package and of all that it needs: `npm audit signatures`. It asks the
 * registry, and the directory of keys that npm trusts, tuf-repo-cdn.sigstore.dev.
 *
 * @returns What it found, or why it could not look, as a sentence without its full stop.
 * @throws MeshauthError `MESHAUTH_E_SIGNATURE` when one of them is not good.
 */
export async function checkSignatures(
  name: string,
  folder: string,
  work: Pick<PluginWork, "npm" | "signal">,
): Promise<SignatureCheck | string> {
  const flags = ["--include-attestations"];
  const answer = await timedAnswer(work, "audit", ["signatures"], folder, flags);
  if (typeof answer === "string") return answer;
  const failure = npmErrorOf(answer.stdout);
  if (failure) {
    if (FORGED.has(failure.code)) throw forged(name, printable(failure.summary, 300));
    return reasonOf(failure);
  }
  const document = documentOf(answer.stdout);
  if (document === undefined) return "npm did not say";
  const [bad] = named(document, "invalid");
  if (bad) throw forged(name, `${bad.id} is not what its registry or its author signed.`);
  return {
    missing: named(document, "missing").some((found) => found.name === name),
    proven: named(document, "verified").some((found) => found.name === name),
  };
}

/**
 * What that comes to for the package. npm passes over a package whose registry signs nothing, so only one that has a
 * signature can have a good one.
 *
 * @throws MeshauthError `MESHAUTH_E_SIGNATURE` when what was signed is not what was fetched.
 */
export function claimsOf(
  name: string,
  check: SignatureCheck | string,
  told: Pick<RegistryFacts, "integrity" | "signed"> | string,
  integrity: string | null,
): Claims {
  if (typeof told === "object" && told.integrity !== null && told.integrity !== integrity)
    throw forged(name, "The registry names another content for this version than the one that it sent.");
  if (typeof check === "string") return unavailable(check);
  const provenance: ClaimState = check.proven
    ? { state: "valid", reason: null }
    : { state: "missing", reason: "its author published none" };
  if (check.missing) {
    const reason = "the registry signs its packages, and this one is not signed";
    return { signature: { state: "missing", reason }, provenance };
  }
  if (typeof told === "string") return { ...unavailable(told), provenance };
  const signature: ClaimState = told.signed
    ? { state: "valid", reason: null }
    : { state: "not-available", reason: "the registry does not sign it" };
  return { signature, provenance };
}

/** The same for a package for which nobody is asked. */
export function unavailable(reason: string): Claims {
  const claim: ClaimState = { state: "not-available", reason };
  return { signature: claim, provenance: claim };
}

function reasonOf({ code, summary }: { readonly code: string; readonly summary: string }): string {
  if (/no dependencies to audit that were installed from a supported registry/.test(summary))
    return "the registry does not sign its packages";
  if (code === "EMISSINGSIGNATUREKEY") return "the registry names no key for its signature";
  if (isUnreachable(code) || code.startsWith("TUF_"))
    return `the directory of keys, or the registry, cannot be reached (${printable(code, 40)})`;
  return `npm could not check it (${printable(code === "" ? summary : code, 60)})`;
}

function documentOf(stdout: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(stdout.slice(stdout.indexOf("{")));
    return isJsonObject(value) && Array.isArray(member(value, "invalid")) ? value : undefined;
  } catch {
    return undefined;
  }
}

function named(document: JsonObject, key: string): { readonly name: string; readonly id: string }[] {
  const list = member(document, key);
  return (Array.isArray(list) ? list : []).filter(isJsonObject).map((entry) => {
    const name = String(member(entry, "name"));
    return { name, id: printable(`${name}@${String(member(entry, "version"))}`, 120) };
  });
}

function forged(name: string, why: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_SIGNATURE", {
    message: `The signature of ${printable(name, 120)} is not good.`,
    why,
  });
}
