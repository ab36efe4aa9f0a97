import type { Account } from "@meshauth/provider-api";
import { printable } from "../text.js";
import { isObject, textOf } from "./members.js";

const NO_ID = /^[0-]+$/;

/**
 * Reads a user as Meshery Servers describe one, in either casing. The local provider's user has the id
 * `meshery` on older servers and an id of zeros on newer ones.
 *
 * @returns `undefined` when the body describes no user.
 */
export function readUser(body: unknown): Account | undefined {
  if (!isObject(body)) return undefined;
  const ids = [textOf(body, "id"), textOf(body, "userId")].map((text) => printable(text ?? ""));
  const id = ids.find((text) => text !== "" && !NO_ID.test(text)) ?? ids.find((text) => text !== "");
  if (id === undefined) return undefined;
  const names = [textOf(body, "firstName"), textOf(body, "lastName")];
  const name = printable(names.filter((part) => part !== undefined).join(" "));
  const email = printable(textOf(body, "email") ?? "");
  return { id, ...(name === "" ? {} : { name }), ...(email === "" ? {} : { email }) };
}
