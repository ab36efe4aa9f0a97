import type { Account } from "../credential.js";
import { printable } from "../text.js";
import { textMember } from "./members.js";

/** An id of zeros is one that was never set; the other one tells people apart then. */
const NO_ID = /^[0-]+$/;

/**
 * Reads a user as Meshery Servers and remote providers describe one, in either casing. The `provider` in it
 * is the identity provider, such as GitHub, and no part of who somebody is. The local provider's user has the
 * id `meshery` on older servers and an id of zeros on newer ones.
 *
 * @param body - Parsed JSON. What is taken of it is made printable.
 * @returns `undefined` when the body describes no user.
 */
export function readAccount(body: unknown): Account | undefined {
  const text = (name: string): string => printable(textMember(body, name) ?? "");
  const ids = [text("id"), text("userId")].filter((id) => id !== "");
  const id = ids.find((candidate) => !NO_ID.test(candidate)) ?? ids[0];
  if (id === undefined) return undefined;
  const name = [text("firstName"), text("lastName")].filter((part) => part !== "").join(" ");
  const email = text("email");
  return { id, ...(name === "" ? {} : { name }), ...(email === "" ? {} : { email }) };
}
