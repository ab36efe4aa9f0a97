import type { StoreError } from "@meshauth/auth-store";
import type { Runtime } from "./runtime.js";

/** Tells the person whom a command waits for while another process has its turn at the credential file. */
export function waitNotice({ terminal }: Pick<Runtime, "terminal">): (locked: StoreError) => void {
  return ({ why }) => terminal.notify({ kind: "plain", message: `Waiting: ${why}` });
}
