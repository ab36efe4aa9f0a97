import { createHash, randomBytes } from "node:crypto";

/** 192 bits; in base64url without a character that a shell or an option parser would take for something else. */
const RANDOM_BYTES = 24;
/** No ticket is good for longer, in milliseconds: a day is the most that `--timeout` takes. Timers go wrong beyond 24 of them. */
export const LONGEST_TICKET_MS = 25 * 3_600_000;
const TICKET = /^([0-9a-z]{6,9})-[\w-]{32}$/;

/** What a ticket says, and what it stands for. */
export interface Ticket {
  /** The name of its folder. The ticket cannot be had from it. */
  readonly id: string;
  /** Its end, to the second. It is part of the ticket so that it can be told when nothing else is left. */
  readonly expiresAt: Date;
}

/**
 * Makes a ticket: its end in seconds since 1970 in base 36, and a random part. Whoever has it can take the
 * outcome of a login on this machine as this user.
 */
export function createTicket(expiresAt: Date): string {
  const end = Math.ceil(expiresAt.getTime() / 1000).toString(36);
  return `${end}-${randomBytes(RANDOM_BYTES).toString("base64url")}`;
}

/** Reads a ticket; `undefined` for text that cannot be one. */
export function parseTicket(text: string): Ticket | undefined {
  const [, end] = TICKET.exec(text) ?? [];
  if (end === undefined) return undefined;
  const expiresAt = new Date(Number.parseInt(end, 36) * 1000);
  return Number.isNaN(expiresAt.getTime()) ? undefined : { id: idOf(text), expiresAt };
}

/** Half a SHA-256: 128 bits. */
function idOf(ticket: string): string {
  return createHash("sha256").update(ticket).digest("hex").slice(0, 32);
}
