import { shellWord } from "@meshauth/provider-api";
import { MeshauthError } from "../errors/error.js";
import { absenceOf, type Meshconfig, type MeshToken } from "../meshconfig/index.js";
import { nearest } from "../nearest.js";
import type { Runtime, TargetFlags } from "../runtime.js";
import { printable } from "../text.js";
import { inspectContexts } from "./find.js";
import { contextInForce } from "./view.js";

/** A token entry of `config.yaml`: a name for a credential file, and nothing that is secret. */
export interface TokenRow {
  readonly name: string;
  /** As in the config; null when it is no text that could be a path. */
  readonly location: string | null;
  /** The file that mesheryctl reads for it. */
  readonly file: string | null;
  /** The contexts that name it. */
  readonly contexts: readonly string[];
}

/** The document of `system token list` and `system token view`. */
export interface TokenList {
  readonly tokens: readonly TokenRow[];
}

/** Lists the token entries, in the order of the config. Touches no file. @throws MeshauthError `MESHAUTH_E_CONFIG` */
export async function listTokens(runtime: Runtime, flags: TargetFlags): Promise<TokenList> {
  const { config } = await inspectContexts(runtime, flags);
  return { tokens: config.tokens.map((token) => rowOf(config, token)) };
}

/**
 * Shows token entries: the one that is named, else the one of the context in force.
 *
 * @throws MeshauthError `MESHAUTH_E_USAGE` for a name that is not there, `MESHAUTH_E_CONFIG`,
 *   `MESHAUTH_E_UNKNOWN_CONTEXT`.
 */
export async function viewToken(runtime: Runtime, flags: TargetFlags, name?: string): Promise<TokenList> {
  const target = await inspectContexts(runtime, flags);
  const { config } = target;
  const wanted = name ?? contextInForce(target).tokenName;
  const token = config.tokens.find((candidate) => candidate.name === wanted);
  if (token) return { tokens: [rowOf(config, token)] };
  const names = config.tokens.map((candidate) => candidate.name);
  const near = nearest(wanted, names);
  const file = printable(config.file, 500);
  throw new MeshauthError(name === undefined ? "MESHAUTH_E_CONFIG" : "MESHAUTH_E_USAGE", {
    message: `config.yaml has no token "${printable(wanted, 60)}".`,
    why: config.exists ? `"tokens" in ${file} has no entry of that name.` : `${absenceOf(config)}.`,
    next: [
      ...(near === undefined ? [] : [`meshauth system token view ${shellWord(near)}`]),
      ...(name === undefined ? ["meshauth login"] : []),
      "meshauth system token list",
    ],
  });
}

function rowOf({ contexts }: Meshconfig, { name, location, credentialFile }: MeshToken): TokenRow {
  return {
    name,
    location: location?.raw ?? null,
    file: credentialFile ?? null,
    contexts: contexts.filter(({ tokenName }) => tokenName === name).map((context) => context.name),
  };
}
