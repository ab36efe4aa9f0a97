import { MeshauthError } from "../errors/error.js";
import type { Runtime } from "../runtime.js";
import { startAgain } from "./commands.js";
import { ticketGone } from "./complete-errors.js";
import { type PendingLogin, readPending } from "./pending.js";
import { parseTicket, type Ticket } from "./ticket.js";

/** A ticket that is good, and the login that it is for. */
export interface Found {
  readonly ticket: Ticket;
  readonly pending: PendingLogin;
}

/**
 * The login of a ticket.
 *
 * @throws MeshauthError `MESHAUTH_E_TICKET`, `MESHAUTH_E_TIMEOUT`
 */
export async function findPending(
  { dataDir, now }: Pick<Runtime, "dataDir" | "now">,
  text: string,
): Promise<Found> {
  const ticket = parseTicket(text);
  if (ticket === undefined) {
    const why = "It is misspelled: no ticket looks like this.";
    throw new MeshauthError("MESHAUTH_E_TICKET", { why, next: [startAgain()] });
  }
  const pending = await readPending({ dataDir }, ticket.id);
  if (pending && ticket.expiresAt > now()) return { ticket, pending };
  throw ticketGone(ticket, now(), "It was used before, or is not from this machine and user.", pending);
}

/**
 * The provider of a ticket by its id, and the saved settings that its login was started with.
 *
 * @throws MeshauthError `MESHAUTH_E_TICKET`, `MESHAUTH_E_TIMEOUT`
 */
export async function providerOfTicket(
  runtime: Pick<Runtime, "dataDir" | "now">,
  ticket: string,
): Promise<{ readonly id: string; readonly savedSettings?: string }> {
  const { input, provider } = (await findPending(runtime, ticket)).pending;
  return {
    id: provider.id,
    ...(input.savedSettings === undefined ? {} : { savedSettings: input.savedSettings }),
  };
}
