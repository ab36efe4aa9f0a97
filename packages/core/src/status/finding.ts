import { type Details, type Glance, isStoreError } from "@meshauth/auth-store";
import type { Account } from "@meshauth/provider-api";
import { inspectToken } from "@meshauth/provider-api/format";
import type { CredentialFile } from "../locate.js";
import type { Runtime } from "../runtime.js";
import { clockWarning, type Standing, standingOf } from "../standing.js";
import { printable } from "../text.js";

/** What a credential file says, judged offline. */
export interface FileFacts {
  readonly state: Standing;
  /** The provider name that the credential carries. */
  readonly provider: string | null;
  /** The account that was confirmed when the credential was stored by meshauth, and is still the one in the file. */
  readonly account: Account | null;
  /** RFC 3339, or null when the credential does not end. */
  readonly expiresAt: string | null;
  /** Whether it has a refresh token that the provider has not refused. */
  readonly refreshable: boolean;
  readonly file: string;
  /** Why the file cannot be used, in a sentence. */
  readonly problem?: string;
}

/** A credential as it was found, with what does not leave in a document. */
export interface Finding {
  readonly facts: FileFacts;
  /** Secret. */
  readonly token: string;
  /** What is known about it besides, when meshauth wrote it. */
  readonly details: Details | undefined;
  /** What is odd about a file that can be used all the same. */
  readonly oddities: readonly string[];
}

/** What a finding is made with. */
export type Judge = Pick<Runtime, "secrets" | "now">;

/** Looks into a credential file. Touches nothing; a file that cannot be read is a finding, too. */
export async function findingOf(judge: Judge, store: CredentialFile): Promise<Finding> {
  const { file } = store;
  try {
    return describe(judge, file, await store.look());
  } catch (error) {
    if (!isStoreError(error)) throw error;
    const nothing = { provider: null, account: null, expiresAt: null, refreshable: false };
    const problem = `${error.message} ${error.why}`;
    return {
      facts: { state: "unknown", ...nothing, file, problem },
      token: "",
      details: undefined,
      oddities: [],
    };
  }
}

function describe(judge: Judge, file: string, { state: current, details, refused }: Glance): Finding {
  const { serverName, token = "" } = current.state === "present" ? current : {};
  judge.secrets.add(token);
  const { expiresAt, refreshable } = inspectToken(token);
  const clock = clockWarning(details);
  return {
    facts: {
      state: standingOf(current, judge.now(), details, refused),
      provider: serverName ? printable(serverName) : null,
      account: details?.account ?? null,
      expiresAt: expiresAt?.toISOString() ?? null,
      refreshable: refreshable && !refused,
      file,
      ...(current.state === "damaged" ? { problem: printable(current.reason) } : {}),
    },
    token,
    details,
    oddities: [...current.warnings.map(({ message }) => message), ...(clock === undefined ? [] : [clock])],
  };
}
