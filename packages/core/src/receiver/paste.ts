import type { CallbackAddress } from "./address.js";

/** What a pasted text is to a receiver. */
type Pasted =
  /** The callback's address, with this raw query. */
  | { readonly kind: "callback"; readonly query: string }
  /** A receiver's address and yet not the callback's; `reason` is a sentence for the person. */
  | { readonly kind: "other"; readonly reason: string };

// More than a browser could bring; what is longer is not looked at.
const LONGEST = 64 * 1024;

/** Space that a wrapped terminal or a chat puts in, and marks that nobody sees. An address has none of them. */
const NOT_IN_ADDRESS = /[\s\p{Cc}\p{Cf}]+/gu;
const QUOTES = /^["'`<([{“”‘’«»]+|["'`>)\]}“”‘’«»,;]+$/gu;

// Browsers that were told to always use https for localhost show it in the address bar, and some hide
// the scheme.
const ADDRESS = /^(?:https?:\/\/)?([a-z0-9.]+|\[::1\])(:\d{1,5})?(\/.*)$/i;
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i;

/** Reads a pasted text as an address of the receiver; `undefined` when it is none of any receiver. */
export function readPasted(text: string, address: CallbackAddress): Pasted | undefined {
  if (text.length > LONGEST) return undefined;
  const bare = text.replace(NOT_IN_ADDRESS, "").replace(QUOTES, "");
  const [, host = "", port = "", rest = bare] = ADDRESS.exec(bare) ?? [];
  if (host !== "" && !LOOPBACK.test(host)) return undefined;
  const [target = ""] = rest.split("#");
  const question = target.indexOf("?");
  const path = question < 0 ? target : target.slice(0, question);
  const known = host === "" || address.authorities.has(`${host}${port}`.toLowerCase());
  const query = question < 0 ? "" : target.slice(question + 1);
  if (known && address.matches(path, query) && /^[!-~]*$/.test(target)) return { kind: "callback", query };
  if (path.startsWith("/cb/")) return other("This address belongs to another login.");
  if (host === "" || !known) return undefined;
  if (!address.pathMayDiffer && question >= 0) return other("This address belongs to another login.");
  // A provider may drop the path that it was given. A browser that arrives like this is not believed, since
  // any page could have sent it; whoever pastes the address of their own browser has seen where it came from.
  if (question >= 0 && /^[!-~]*$/.test(target)) return { kind: "callback", query };
  return other("This is not the address that the sign-in ends at.");
}

function other(reason: string): Pasted {
  return { kind: "other", reason };
}
