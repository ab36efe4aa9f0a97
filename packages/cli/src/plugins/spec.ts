import { existsSync } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { MeshauthError, PACKAGE_NAME, printable } from "@meshauth/core";
import type { ListedPlugin } from "../loader/index.js";
import { withoutPasswords } from "./without-passwords.js";

/** Where a package comes from. */
export type PluginSpec =
  | { readonly kind: "registry"; readonly name: string; readonly tag: string }
  /** A tarball or a folder; absolute. */
  | { readonly kind: "file"; readonly path: string }
  /** The address of a tarball. */
  | { readonly kind: "remote"; readonly url: string };

// A version, a range or a dist-tag; nothing that npm would take for a place.
const TAG = /^[\w.^~<>=|* +-]{1,100}$/;
const TARBALL = /\.(?:tgz|tar\.gz|tar)$/i;
const REPOSITORY =
  /^(?:git[+:@]|ssh:|github:|gitlab:|bitbucket:|gist:)|^https?:.*\.git(?:#.*)?$|^[\w.-]+\/[\w.-]+(?:#.*)?$/i;

/**
 * Reads what was typed: a name with or without a version, or a tarball or folder in any spelling.
 *
 * @throws MeshauthError `MESHAUTH_E_USAGE`
 */
export async function parseSpec(
  typed: string,
  folders: { cwd: string; home: string | undefined },
): Promise<PluginSpec> {
  const text = typed.trim();
  if (text === "" || text.startsWith("-") || /[\u0000-\u001f\u007f]/.test(text)) throw unusable(typed);
  const path = localPath(text, folders);
  if (path !== undefined) return { kind: "file", path: await existing(path) };
  const at = text.indexOf("@", 1);
  const [name, tag] = at < 0 ? [text, "latest"] : [text.slice(0, at), text.slice(at + 1) || "latest"];
  if (PACKAGE_NAME.test(name) && TAG.test(tag)) return { kind: "registry", name, tag };
  if (REPOSITORY.test(text)) throw isRepository(text);
  if (/^https?:/i.test(text)) return { kind: "remote", url: text };
  throw unusable(typed);
}

/** What a plugin that is listed is updated from. @throws MeshauthError */
export async function specOf({ name, tag = "latest", url, root }: ListedPlugin): Promise<PluginSpec> {
  return url === undefined
    ? { kind: "registry", name, tag }
    : await parseSpec(url, { cwd: root, home: undefined });
}

/** The form in which npm takes it. */
export function npmSpec(spec: PluginSpec): string {
  if (spec.kind === "registry") return `${spec.name}@${spec.tag}`;
  return spec.kind === "file" ? `file:${spec.path}` : spec.url;
}

function localPath(
  text: string,
  { cwd, home }: { cwd: string; home: string | undefined },
): string | undefined {
  if (/^file:\/\//i.test(text)) {
    try {
      return fileURLToPath(text);
    } catch {
      throw unusable(text);
    }
  }
  const path = text.replace(/^file:/i, "");
  if (path.startsWith("~/") && home !== undefined) return resolve(home, path.slice(2));
  const explicit = path !== text || isAbsolute(path) || /^\.{1,2}(?:[/\\]|$)/.test(path);
  const looksLocal = TARBALL.test(path) && !/^[a-z+]{2,}:/i.test(path);
  // npm and oclif would take `folder/plugin` for a repository of GitHub.
  const found = path.includes("/") && !path.startsWith("@") && existsSync(resolve(cwd, path));
  return explicit || looksLocal || found ? resolve(cwd, path) : undefined;
}

async function existing(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    const found = await stat(real);
    if (found.isDirectory() || found.isFile()) return real;
  } catch {
    // Reported below.
  }
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: `There is no tarball or folder ${printable(path)}.`,
    why: "The path leads to nothing that a package could be read from.",
    next: ["meshauth plugins install NAME", "meshauth plugins install ./plugin-1.0.0.tgz"],
  });
}

/** npm prepares a clone with another npm, whose settings the clone brings along: they name programs to run. */
function isRepository(text: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_USAGE", {
    message: `${printable(withoutPasswords(text), 80)} is a repository.`,
    why: "What npm does with a repository can run code of it before anybody has been asked.",
    next: ["git clone REPOSITORY FOLDER", "meshauth plugins install ./FOLDER"],
  });
}

function unusable(text: string): MeshauthError {
  return new MeshauthError("MESHAUTH_E_USAGE", {
    message: `"${printable(withoutPasswords(text), 80)}" is not the name of a package.`,
    why: "A plugin is given as the name of an npm package, with a version if need be, as a tarball or as a folder.",
    next: ["meshauth plugins install NAME", "meshauth plugins install ./plugin-1.0.0.tgz"],
  });
}
