import { formatAuthJson, isJsonError, JsonError, parseAuthJson } from "@meshauth/provider-api/format";
import { StoreError } from "../error.js";
import { LARGEST_FILE } from "../read/safe-read.js";

/**
 * The bytes of a credential file, checked by the strict reader: what mesheryctl could not read is never staged.
 *
 * @throws {@link StoreError} `MESHAUTH_E_DAMAGED`
 */
export function encodeMembers(members: ReadonlyMap<string, string>): Uint8Array {
  return refusing(() => {
    const bytes = Buffer.from(formatAuthJson(members), "utf8");
    check(bytes);
    return bytes;
  });
}

/** The same for a renewal, which always has a token. */
export function encodeRenewed(members: ReadonlyMap<string, string>): Uint8Array {
  return refusing(() => {
    const bytes = Buffer.from(formatAuthJson(members), "utf8");
    checkRenewed(bytes);
    return bytes;
  });
}

/** Whether bytes are such a renewal, whole. */
export function isUsable(bytes: Uint8Array): boolean {
  try {
    checkRenewed(bytes);
    return true;
  } catch (error) {
    if (isJsonError(error)) return false;
    throw error;
  }
}

function checkRenewed(bytes: Uint8Array): void {
  if (check(bytes) === "") throw new JsonError("its token is empty");
}

/** @returns The token. */
function check(bytes: Uint8Array): string {
  const { serverName, token } = parseAuthJson(bytes);
  if (!serverName) throw new JsonError("it names no provider");
  if (token === undefined) throw new JsonError("it has no token member");
  if (bytes.length > LARGEST_FILE) throw new JsonError("it is larger than 1 MiB");
  return token;
}

function refusing(encode: () => Uint8Array): Uint8Array {
  try {
    return encode();
  } catch (error) {
    if (!isJsonError(error)) throw error;
    throw new StoreError(
      "MESHAUTH_E_DAMAGED",
      "The credential was not written: no Meshery tool could read it.",
      { why: `What was to be written is not usable: ${error.reason}.` },
    );
  }
}
