import { MeshauthError, printable } from "@meshauth/core";

/** How long a command may take unless it is told otherwise, in milliseconds. */
export const DEFAULT_TIMEOUT = 300_000;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const LONGEST_MS = 24 * 3_600_000;

/**
 * Reads a duration as Go writes it, such as `90s`, `5m` or `1h30m`.
 *
 * @returns milliseconds.
 * @throws MeshauthError `MESHAUTH_E_USAGE`
 */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d{1,6})(ms|[smh])/g)];
  const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ""] ?? 0), 0);
  if (parts.map(([part]) => part).join("") === text && total > 0 && total <= LONGEST_MS) return total;
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: `"${printable(text, 40)}" is not a time between 1ms and 24h.`,
    why: "A time is a number with a unit: ms, s, m or h.",
    next: ["Write it as 90s, 5m or 1h30m."],
  });
}

/** The same for a time that may be none: `0`, or `0s`. */
export function parseValidity(text: string): number {
  return /^0(ms|[smh])?$/.test(text) ? 0 : parseDuration(text);
}
