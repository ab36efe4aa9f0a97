import { MeshauthError, printable } from "@meshauth/core";
import { UNSAFE_CHARACTERS } from "@meshauth/provider-api";
import { flawOfServerName } from "@meshauth/provider-api/format";
import type { ScaffoldFlow } from "./flows.js";
import type { Licence } from "./licence.js";
import { type Names, readNames } from "./names.js";

/** All that a new package is made from. */
export interface Facts extends Names {
  readonly title: string;
  /** The name in `auth.json`. */
  readonly serverName: string;
  /** The origin of the provider's server. */
  readonly host: string;
  /** The environment variable that stands for `--url`. */
  readonly env: string;
  readonly flow: ScaffoldFlow;
  readonly licence: Licence;
}

/** What the command line says. */
export interface Wishes {
  readonly name: string;
  readonly scope?: string | undefined;
  readonly title?: string | undefined;
  readonly host?: string | undefined;
  readonly flow: ScaffoldFlow;
  readonly licence: Licence;
}

const LONGEST_TITLE = 40;
// What the registry of providers refuses in a manifest's texts.
const REFUSED = new RegExp(`[${UNSAFE_CHARACTERS}\`$\\\\]|<%|%>`, "u");
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

/** Works out what was not said. @throws MeshauthError `MESHAUTH_E_USAGE` */
export function factsFrom({ name, scope, title: given, host, flow, licence }: Wishes): Facts {
  const names = readNames(name, scope);
  const title = given === undefined ? titleFrom(names.id) : checkTitle(given.trim());
  return {
    ...names,
    title,
    // Titles may have letters that no server can be sent.
    serverName: flawOfServerName(title) === undefined ? title : names.id,
    host: host === undefined ? `https://login.${names.id}.example` : checkOrigin(host),
    env: `${names.id.toUpperCase().replaceAll("-", "_")}_URL`,
    flow,
    licence,
  };
}

/** `acme-cloud`: Acme Cloud. */
function titleFrom(id: string): string {
  const words = id.split("-").filter((word) => word !== "");
  return words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join(" ");
}

function checkTitle(title: string): string {
  const flaw =
    title === ""
      ? "It is empty."
      : [...title].length > LONGEST_TITLE
        ? `It is longer than ${LONGEST_TITLE} characters.`
        : REFUSED.test(title)
          ? "It holds a control character, or one of <% %> ` $ \\."
          : undefined;
  if (flaw === undefined) return title;
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: `"${printable(title, 60)}" cannot be a provider's title.`,
    why: flaw,
    next: ["meshauth provider new NAME --title TITLE"],
  });
}

function checkOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.test(url.hostname));
  if (url !== undefined && isSafe && url.href === `${url.origin}/`) return url.origin;
  // The value is not repeated: an address may hold a password.
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: "The value of --host is no origin that a provider may declare.",
    why: "An origin is https, or http to this machine, with a host and perhaps a port, and without a path.",
    next: ["meshauth provider new NAME --host https://login.example.com"],
  });
}
