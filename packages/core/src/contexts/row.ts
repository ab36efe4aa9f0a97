import type { Details } from "@meshauth/auth-store";
import type { Account } from "@meshauth/provider-api";
import type { MeshContext, Meshconfig, MeshconfigProblem } from "../meshconfig/index.js";
import type { Runtime } from "../runtime.js";
import type { Standing } from "../standing.js";
import { type Finding, findingOf } from "../status/finding.js";
import { openStore } from "../target.js";
import { endpointOf, findSharing } from "./sharing.js";

/** A context with the state of its credential. */
export interface ContextRow {
  readonly name: string;
  /** Whether it is the one in force. */
  readonly current: boolean;
  /** The Meshery Server's address; null when the config's cannot be one. */
  readonly endpoint: string | null;
  /** The name of its token entry; empty when it names none. */
  readonly token: string;
  /** What a server deployed from the context is told to enforce; no part of the login. */
  readonly contextProvider: string | null;
  readonly state: Standing;
  /** The account that was confirmed at the login. */
  readonly account: Account | null;
  /** The provider name that the credential carries. */
  readonly provider: string | null;
  /** RFC 3339, or null when the credential does not end. */
  readonly expiresAt: string | null;
  readonly refreshable: boolean;
  /** The credential file. */
  readonly file: string;
  /** The other contexts that use this file. */
  readonly sharedWith: readonly string[];
  /** Why the file cannot be used, in a sentence. */
  readonly problem?: string;
}

/** Something that is wrong with `config.yaml`. */
export interface ContextProblem {
  /** The code of the error with which other commands end because of it; null when they do not. */
  readonly code: string | null;
  readonly message: string;
  /** What mends it. */
  readonly next: string;
}

/** A row with what is worth a warning. */
export interface DescribedContext {
  readonly row: ContextRow;
  readonly oddities: readonly string[];
  /** What is known of the credential besides, when meshauth wrote it. */
  readonly details: Details | undefined;
}

/** Describes contexts offline, in the order of the config; each file is read once. Touches nothing. */
export async function describeContexts(
  runtime: Runtime,
  config: Meshconfig,
  contexts: readonly MeshContext[] = config.contexts,
): Promise<DescribedContext[]> {
  const sharing = await findSharing(runtime, config.contexts);
  const looks = new Map<string, Promise<Finding>>();
  const look = (file: string): Promise<Finding> => {
    const finding = looks.get(file) ?? findingOf(runtime, openStore(runtime, file));
    looks.set(file, finding);
    return finding;
  };
  return await Promise.all(
    contexts.map(async (context) => {
      const { facts, oddities, details } = await look(context.credentialFile);
      const row: ContextRow = {
        name: context.name,
        current: context.name === config.currentContext,
        endpoint: endpointOf(context),
        token: context.tokenName,
        contextProvider: context.provider ?? null,
        ...facts,
        sharedWith: sharing.with(context).map(({ name }) => name),
      };
      return { row, oddities, details };
    }),
  );
}

/** The problems of a config in the form in which documents show them. */
export function problemsOf({ problems }: Meshconfig): ContextProblem[] {
  return problems.map(({ fatal, message, next }: MeshconfigProblem) => ({
    code: fatal ?? null,
    message,
    next,
  }));
}
