import { isStoreError } from "@meshauth/auth-store";
import { isMeshauthError, MeshauthError, toMeshauthError } from "../errors/error.js";
import { printable } from "../text.js";
import type { ConfigModel } from "./model.js";
import { readConfig } from "./read.js";
import { readModel } from "./read-model.js";
import { apply, type Splice } from "./splice.js";
import { updateFile } from "./update-file.js";
import { type ConfigTree, parseConfig } from "./yaml.js";

const MOST_TRIES = 5;

/** A change of `config.yaml`. */
export interface ConfigEdit {
  /** What the file says afterwards, in the terms of the model; `undefined` when nothing is left to change. */
  wanted(model: ConfigModel): ConfigModel | undefined;
  /** The changes that lead there, one after the other, each made on the text that the one before left. */
  readonly steps: readonly ((tree: ConfigTree) => Splice | undefined)[];
  /** What a person would do instead, where the place for the change cannot be found. */
  readonly byHand: string;
}

/**
 * Changes `config.yaml` where it must and leaves every other byte as it is. The new text is read back before
 * it is written: it has to say what it said before and what is wanted, and nothing else. When another program
 * changes the file meanwhile, the change is made again on the new text.
 *
 * @param signal - Ends the wait for other programs, and the change as long as the file is as it was.
 * @returns Whether there was anything to change.
 * @throws MeshauthError `MESHAUTH_E_CONFIG`; `MESHAUTH_E_LOCKED` and `MESHAUTH_E_UNSAFE` for the lock beside it;
 *   `MESHAUTH_E_ROOT` in a folder of another user; the signal's reason. The file is as it was.
 */
export async function editConfig(file: string, edit: ConfigEdit, signal?: AbortSignal): Promise<boolean> {
  return await make(file, edit, signal, false);
}

/**
 * Proves that {@link editConfig} would work, for whoever has to know it before something that cannot be undone:
 * the change is worked out and staged, and nothing is left behind.
 *
 * @throws MeshauthError as {@link editConfig} does.
 */
export async function proveEdit(file: string, edit: ConfigEdit, signal?: AbortSignal): Promise<void> {
  await make(file, edit, signal, true);
}

async function make(
  file: string,
  edit: ConfigEdit,
  signal: AbortSignal | undefined,
  prove: boolean,
): Promise<boolean> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    let text: string | undefined;
    let found = false;
    try {
      const changed = await updateFile(file, {
        async change(real) {
          text = await load(real, file, edit);
          const after = await changedText(text, file, edit);
          found = after !== undefined;
          return after;
        },
        unchanged: async (real) => (await load(real, file, edit)) === text,
        prove,
        busy: "Another program is changing config.yaml.",
        signal,
      });
      if (changed || !found || prove) return changed;
    } catch (error) {
      signal?.throwIfAborted();
      if (isMeshauthError(error)) throw error;
      if (isStoreError(error)) throw toMeshauthError(error);
      throw failure(file, `cannot be changed (${codeOf(error)})`, edit);
    }
  }
  throw failure(file, "is being changed by another program all the time", edit);
}

async function load(real: string, file: string, edit: ConfigEdit): Promise<string> {
  const content = readConfig(real);
  if (content.kind !== "text") throw failure(file, content.reason, edit);
  return content.text;
}

async function changedText(text: string, file: string, edit: ConfigEdit): Promise<string | undefined> {
  const tree = await parseConfig(text);
  if (!("document" in tree)) throw failure(file, `cannot be read: ${tree.reason}`, edit);
  const wanted = edit.wanted(readModel(tree));
  if (wanted === undefined) return undefined;
  const after = await spliced(tree, wanted, edit);
  if (after === undefined) throw failure(file, "is written in a way that meshauth does not change", edit);
  return after;
}

async function spliced(tree: ConfigTree, wanted: ConfigModel, edit: ConfigEdit): Promise<string | undefined> {
  let current = tree;
  for (const step of edit.steps) {
    const splice = step(current);
    if (splice === undefined) return undefined;
    const next = await parseConfig(apply(current.text, splice));
    if (!("document" in next)) return undefined;
    current = next;
  }
  return sameModel(readModel(current), wanted) ? current.text : undefined;
}

/** Whether two models say the same; the lines are not compared. */
function sameModel(a: ConfigModel, b: ConfigModel): boolean {
  return withoutLines(a) === withoutLines(b);
}

function withoutLines(model: ConfigModel): string {
  return JSON.stringify(model, (key, value) => (key === "line" ? undefined : value));
}

function failure(file: string, reason: string, { byHand }: ConfigEdit): MeshauthError {
  return new MeshauthError("MESHAUTH_E_CONFIG", {
    message: "config.yaml cannot be changed.",
    why: `${printable(file, 500)} ${reason}.`,
    next: [byHand],
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
