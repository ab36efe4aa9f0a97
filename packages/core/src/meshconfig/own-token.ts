import { lstat } from "node:fs/promises";
import { basename, join } from "node:path";
import { MeshauthError } from "../errors/error.js";
import { type ConfigEdit, editConfig, proveEdit } from "./edit.js";
import { literal, quoted } from "./findings.js";
import { contextSplice } from "./member-splice.js";
import type { ConfigModel } from "./model.js";
import { tokenSplice } from "./token-splice.js";
import type { MeshContext, Meshconfig } from "./types.js";

/** A token entry of a context's own, whose file no other context uses. */
export interface OwnTokenPlan {
  /** The config file that gets the entry. */
  readonly file: string;
  /** The context, spelled as in the file. */
  readonly context: string;
  /** The name of the entry. */
  readonly name: string;
  /** A bare file name: every version of mesheryctl reads and writes the same file for it. */
  readonly location: string;
  readonly credentialFile: string;
  /** What a person would write, where the config cannot be changed for them. */
  readonly byHand: string;
}

const LONGEST_NAME = 64;
const MOST_NUMBERS = 1000;

/**
 * Finds a name and a file for a token entry of a context's own: both named after the context, and both free.
 * Reads only.
 */
export async function planOwnToken(
  config: Meshconfig,
  { name: context }: MeshContext,
): Promise<OwnTokenPlan> {
  const name = freeName(context, {
    tokens: config.tokens,
    contexts: config.contexts,
  });
  const credentialFile = await freeFile(config, context);
  const location = basename(credentialFile);
  const byHand = describe(context, name, location);
  return { file: config.file, context, name, location, credentialFile, byHand };
}

/**
 * Proves that {@link giveOwnToken} would work now, and leaves nothing behind.
 *
 * @throws MeshauthError `MESHAUTH_E_CONFIG`, `MESHAUTH_E_LOCKED`, `MESHAUTH_E_UNSAFE`, `MESHAUTH_E_ROOT`; the signal's reason.
 */
export async function proveOwnToken(plan: OwnTokenPlan, signal?: AbortSignal): Promise<void> {
  await proveEdit(plan.file, editOf(plan).edit, signal);
}

/**
 * Adds the entry to `tokens` and makes the context use it, in one write. When another program took the name
 * meanwhile, the next free one is used.
 *
 * @returns The name of the entry.
 * @throws MeshauthError `MESHAUTH_E_CONFIG`, `MESHAUTH_E_LOCKED`, `MESHAUTH_E_UNSAFE`, `MESHAUTH_E_ROOT`; the signal's reason. The file
 *   is as it was.
 */
export async function giveOwnToken(plan: OwnTokenPlan, signal?: AbortSignal): Promise<string> {
  const { edit, name } = editOf(plan);
  await editConfig(plan.file, edit, signal);
  return name();
}

function editOf({ context, name: planned, location, byHand }: OwnTokenPlan): {
  readonly edit: ConfigEdit;
  /** The name that was free when the edit was last tried. */
  name(): string;
} {
  let name = planned;
  const edit: ConfigEdit = {
    wanted(model) {
      const own = model.contexts.find((entry) => entry.name === context);
      if (own === undefined) {
        throw new MeshauthError("MESHAUTH_E_CONFIG", {
          message: "config.yaml cannot be changed.",
          why: `It has no context ${quoted(context)} any more.`,
          next: [byHand],
        });
      }
      const isThere = model.tokens.some((token) => token.name === planned && token.location === location);
      if (own.tokenName === planned && isThere) return undefined;
      name = freeName(context, model);
      const contexts = model.contexts.map((entry) => (entry === own ? { ...entry, tokenName: name } : entry));
      return { ...model, contexts, tokens: [...model.tokens, { name, location, line: undefined }] };
    },
    steps: [
      (tree) => contextSplice(tree, context, "token", name),
      (tree) => tokenSplice(tree, { name, location }),
    ],
    byHand,
  };
  return { edit, name: () => name };
}

/**
 * A name that no entry has, and that no other context uses: one that names an entry which is missing would
 * be given this one.
 */
function freeName(
  context: string,
  {
    tokens,
    contexts,
  }: {
    readonly tokens: readonly { readonly name: string }[];
    readonly contexts: readonly Pick<ConfigModel["contexts"][number], "name" | "tokenName">[];
  },
): string {
  const taken = new Set([
    ...tokens.map(({ name }) => name.toLowerCase()),
    ...contexts.filter(({ name }) => name !== context).map(({ tokenName }) => tokenName.toLowerCase()),
  ]);
  const base = context === "" ? "context" : context;
  const free = (name: string): boolean => !taken.has(name.toLowerCase());
  if (free(base)) return base;
  return numbered((ending) => `${base}-meshauth${ending}`, free);
}

/** The path of a file in the Meshery folder that is not there, and that no entry of the config names. */
async function freeFile({ folder, tokens, contexts }: Meshconfig, context: string): Promise<string> {
  const taken = new Set<string>();
  for (const { location, credentialFile } of [...tokens, ...contexts]) {
    for (const file of [location?.readerFile, location?.writerFile, credentialFile]) {
      if (file !== undefined) taken.add(file.toLowerCase());
    }
  }
  const path = (ending: string): string => join(folder, `auth-${fileName(context)}${ending}.json`);
  const there = new Set<string>();
  for (;;) {
    const file = numbered(path, (candidate) => !taken.has(candidate.toLowerCase()) && !there.has(candidate));
    if (!(await exists(file))) return file;
    there.add(file);
  }
}

/** What every file system takes for a name: lower-case letters, digits, `-` and `_`. */
function fileName(context: string): string {
  const safe = context
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return safe.slice(0, LONGEST_NAME) || "context";
}

/** The first of `make("")`, `make("-2")`, … that is free. */
function numbered(make: (ending: string) => string, free: (name: string) => boolean): string {
  for (let number = 1; number <= MOST_NUMBERS; number += 1) {
    const name = make(number === 1 ? "" : `-${number}`);
    if (free(name)) return name;
  }
  throw new MeshauthError("MESHAUTH_E_CONFIG", {
    message: "No free name was found for a token entry.",
    why: `${MOST_NUMBERS} numbered names are taken already.`,
  });
}

/** Whether anything has the name, a link that leads nowhere included. What cannot be told is found out by the write. */
async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}

function describe(context: string, name: string, location: string): string {
  const entry = `{name: ${literal(name)}, location: ${literal(location)}}`;
  return `Add to "tokens" in config.yaml: - ${entry}, and set "token" of the context ${quoted(context)} to ${literal(name)}.`;
}
