import { MeshauthError, PACKAGE_NAME, printable, typedWord } from "@meshauth/core";
import { NAME_PATTERN } from "@meshauth/provider-api";

/** What a new package and its provider are called. */
export interface Names {
  /** What is typed behind `meshauth login`. */
  readonly id: string;
  /** The package's name, scope included. */
  readonly package: string;
  /** The last part of it: a folder is named like this. */
  readonly folder: string;
}

/** What the name of a provider package usually begins with; the id is what follows. */
const PREFIX = "meshauth-provider-";
const PREFIXES = [PREFIX, "provider-", "meshauth-"];
const OWN_SCOPE = "@meshauth";
const LONGEST_PACKAGE = 214;

/**
 * Reads the name that was typed: an id, from which the package's name is made, or the whole name of a package.
 *
 * @param typed - `acme`, `meshauth-provider-acme` or `@acme/some-name`.
 * @param scope - `@acme` or `acme`: the scope for a name that has none.
 * @throws MeshauthError `MESHAUTH_E_USAGE`
 */
export function readNames(typed: string, scope: string | undefined): Names {
  const [, given, base = ""] = /^(?:(@[^/]*)\/)?(.*)$/s.exec(typed) ?? [];
  const wanted = scope === undefined ? undefined : `@${scope.replace(/^@/, "")}`;
  if (given !== undefined && wanted !== undefined && given !== wanted) {
    throw usage(`Two scopes are given: ${printable(given, 60)} and ${printable(wanted, 60)}.`, "Name one.");
  }
  const names = given === undefined ? unscoped(base, wanted) : scoped(base, given);
  if (!NAME_PATTERN.test(names.id)) throw notAnId(names.id);
  const flaw = flawOfPackage(names.package);
  if (flaw !== undefined)
    throw usage(`${printable(names.package, 60)} cannot be the name of a package.`, flaw);
  return names;
}

function unscoped(base: string, scope: string | undefined): Names {
  const id = base.startsWith(PREFIX) ? base.slice(PREFIX.length) : base;
  const folder = `${PREFIX}${id}`;
  return { id, folder, package: scope === undefined ? folder : `${scope}/${folder}` };
}

/** A name with a scope is taken as it is. Where it says nothing but what the package is, the scope says whose. */
function scoped(folder: string, scope: string): Names {
  const prefix = PREFIXES.find((candidate) => `${folder}-`.startsWith(candidate)) ?? "";
  const id = folder.slice(prefix.length) || scope.slice(1);
  return { id, folder, package: `${scope}/${folder}` };
}

function flawOfPackage(name: string): string | undefined {
  if (name.startsWith(`${OWN_SCOPE}/`)) return `The scope ${OWN_SCOPE} is meshauth's own.`;
  if (name.length > LONGEST_PACKAGE) return `It is longer than ${LONGEST_PACKAGE} characters.`;
  return PACKAGE_NAME.test(name)
    ? undefined
    : "npm takes lower-case letters, digits, hyphens, dots and underscores, and a scope such as @acme.";
}

function notAnId(id: string): MeshauthError {
  const near = id
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 32);
  const next = NAME_PATTERN.test(near) ? [`meshauth provider new ${typedWord(near)}`] : [];
  return new MeshauthError("MESHAUTH_E_USAGE", {
    message: `"${printable(id, 60)}" cannot be what a provider is called by.`,
    why: "It is typed in `meshauth login NAME`: a lower-case letter, then letters, digits and hyphens, 32 characters at most.",
    next: [...next, "meshauth provider new NAME --title TITLE"],
  });
}

function usage(message: string, why: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_USAGE", { message, why, next: ["meshauth provider new --help"] });
}
