import { type ConfigEdit, editConfig } from "./edit.js";
import { literal, quoted } from "./findings.js";
import { contextSplice, memberSplice } from "./member-splice.js";
import type { ConfigModel } from "./model.js";
import { isMap, target } from "./nodes.js";
import { type NewToken, tokenSplice } from "./token-splice.js";
import type { MeshContext, Meshconfig } from "./types.js";

/** An entry of `tokens` that a context names and that is not there. */
export interface TokenEntryPlan extends NewToken {
  /** The config file that gets the entry. */
  readonly file: string;
}

/**
 * What has to be added to `config.yaml` so that mesheryctl finds the credential of a context.
 *
 * @returns `undefined` when nothing has.
 */
export function planTokenEntry(config: Meshconfig, context: MeshContext): TokenEntryPlan | undefined {
  const { location, tokenName } = context;
  if (!config.exists || !location.missingEntry) return undefined;
  return { file: config.file, name: tokenName, location: location.raw };
}

/**
 * Adds the entry of {@link planTokenEntry}. Nothing is done when there is none to add, or when another program
 * added it meanwhile; no file is created.
 *
 * @returns What was added.
 * @throws MeshauthError `MESHAUTH_E_CONFIG`, `MESHAUTH_E_LOCKED`, `MESHAUTH_E_UNSAFE`, `MESHAUTH_E_ROOT`; the signal's reason.
 */
export async function addTokenEntry(
  config: Meshconfig,
  context: MeshContext,
  signal?: AbortSignal,
): Promise<TokenEntryPlan | undefined> {
  const plan = planTokenEntry(config, context);
  if (plan === undefined) return undefined;
  const { file, name, location } = plan;
  const edit: ConfigEdit = {
    wanted(model) {
      if (model.tokens.some((token) => token.name === name)) return undefined;
      return { ...model, tokens: [...model.tokens, { name, location, line: undefined }] };
    },
    steps: [(tree) => tokenSplice(tree, { name, location })],
    byHand: `Add to "tokens" in config.yaml: - {name: ${literal(name)}, location: ${literal(location)}}`,
  };
  return (await editConfig(file, edit, signal)) ? plan : undefined;
}

/**
 * Makes a context the current one.
 *
 * @param name - Spelled as in the file.
 * @returns Whether it was not the current one before.
 * @throws MeshauthError `MESHAUTH_E_CONFIG`, `MESHAUTH_E_LOCKED`, `MESHAUTH_E_UNSAFE`, `MESHAUTH_E_ROOT`; the signal's reason.
 */
export async function setCurrentContext(
  { file }: Meshconfig,
  name: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const edit: ConfigEdit = {
    wanted: (model) =>
      model.currentContext?.name === name
        ? undefined
        : { ...model, currentContext: { name, line: undefined } },
    steps: [
      (tree) => {
        const root = target(tree, tree.document.contents);
        return isMap(tree, root) ? memberSplice(tree, root, "current-context", name) : undefined;
      },
    ],
    byHand: `Set "current-context" in config.yaml to ${quoted(name)}.`,
  };
  return await editConfig(file, edit, signal);
}

/**
 * Sets the provider that a server deployed from a context is told to enforce.
 *
 * @param context - The context's name, spelled as in the file.
 * @returns Whether it had another one, or none, before.
 * @throws MeshauthError `MESHAUTH_E_CONFIG`, `MESHAUTH_E_LOCKED`, `MESHAUTH_E_UNSAFE`, `MESHAUTH_E_ROOT`; the signal's reason.
 */
export async function setContextProvider(
  { file }: Meshconfig,
  context: string,
  provider: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const edit: ConfigEdit = {
    wanted: (model) => withProvider(model, context, provider),
    steps: [(tree) => contextSplice(tree, context, "provider", provider)],
    byHand: `Set "provider" of the context ${quoted(context)} in config.yaml to ${quoted(provider)}.`,
  };
  return await editConfig(file, edit, signal);
}

function withProvider(model: ConfigModel, context: string, provider: string): ConfigModel | undefined {
  const contexts = model.contexts.map((entry) => (entry.name === context ? { ...entry, provider } : entry));
  const changed = model.contexts.some(({ name, provider: old }) => name === context && old !== provider);
  return changed ? { ...model, contexts } : undefined;
}
