import { textMember } from "@meshauth/provider-api/format";
import { isJsonObject } from "../registry/json-file.js";
import { printable } from "../text.js";

/** What `/api/system/version` says. Texts are fit for a terminal. */
export interface ServerVersion {
  /** For example `v0.8.42`. */
  readonly build: string;
  readonly commit?: string;
  readonly channel?: string;
}

/** @returns `undefined` when the body is not that of a Meshery Server. */
export function readVersion(body: unknown): ServerVersion | undefined {
  if (!isJsonObject(body)) return undefined;
  const build = printable(textMember(body, "build") ?? "", 60);
  if (build === "") return undefined;
  const commit = printable(textMember(body, "commitsha") ?? "", 60);
  const channel = printable(textMember(body, "releaseChannel") ?? "", 60);
  return { build, ...(commit === "" ? {} : { commit }), ...(channel === "" ? {} : { channel }) };
}
