import type { Details } from "@meshauth/auth-store";
import { NAME_PATTERN } from "@meshauth/provider-api";
import { isMeshauthError } from "../errors/error.js";

const LOGIN = "meshauth login";

/** What is known of a sign-in, as far as it decides how to make it again. */
export type MadeWith = Pick<Details, "settings"> | undefined;

/** The command that signs in again: with the saved settings that the sign-in was made with, if there were any. */
export function loginAgain(details: MadeWith): string {
  const name = details?.settings;
  return name !== undefined && NAME_PATTERN.test(name) ? `${LOGIN} ${name}` : LOGIN;
}

/** A step of advice; where it is to sign in, with the settings of {@link loginAgain}. */
export function stepAgain(step: string, details: MadeWith): string {
  return step === LOGIN ? loginAgain(details) : step;
}

/** The same for whatever was thrown: an error of ours has its advice changed. */
export function adviseAgain(error: unknown, details: MadeWith): unknown {
  if (!isMeshauthError(error) || details?.settings === undefined) return error;
  return Object.assign(error, { next: error.next.map((step) => stepAgain(step, details)) });
}
