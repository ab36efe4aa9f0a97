import type { LoginReport, Standing } from "@meshauth/core";
import { paint } from "../terminal/color.js";

const COLORS = {
  valid: "green",
  refreshable: "green",
  local: "green",
  expired: "yellow",
  "logged-out": "yellow",
  unknown: "yellow",
  damaged: "red",
} as const;

/** The state of a credential in its colour, for standard output unless another stream is given. */
export function stateText(state: Standing, stream: { isTTY?: boolean } = process.stdout): string {
  return paint(COLORS[state], state, stream);
}

/** Whether a credential in that state has an expiry worth telling. */
export function hasExpiry(state: Standing): boolean {
  return state !== "logged-out" && state !== "damaged" && state !== "local";
}

/** An account in one word, as a row shows it; `undefined` when nobody is known. */
export function shortNameOf(account: LoginReport["account"]): string | undefined {
  return account?.email ?? account?.name ?? account?.id;
}
