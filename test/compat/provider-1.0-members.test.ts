import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { PACKAGE } from "./home.js";

const CONTRACT = readFileSync(
  fileURLToPath(new URL("contract-1.0/provider-api.d.ts", import.meta.url)),
  "utf8",
);
const SOURCES = readdirSync(PACKAGE)
  .filter((name) => name !== "README.md")
  .map((name) => readFileSync(join(PACKAGE, name), "utf8"))
  .join("\n");

/** The body of a declaration of the contract. */
function bodyOf(name: string): string {
  const [, body] =
    new RegExp(`\\b(?:interface|class|type) ${name}\\b([^]*?)\\n(?=export|declare|$)`).exec(CONTRACT) ?? [];
  if (body === undefined) throw new Error(`The contract has no ${name}.`);
  return body;
}

test.each([
  ...["ProviderManifest", "ProviderEntry", "OptionSpec", "Flow"],
  ...["Provider", "LoginRequest"],
  ...[
    "Host",
    "HostRequest",
    "HostResponse",
    "ListenOptions",
    "Decision",
    "Receiver",
    "Choice",
    "ProviderEvent",
  ],
  ...["MesheryServer", "ServerAnswer", "ServerCredential", "ServerProvider"],
  ...["CredentialBase", "LocalCredential", "TokenCredential", "OAuth2Credential", "Account", "Revocation"],
  ...["ProviderErrorOptions", "ProviderErrorCode"],
])("the package of contract 1.0 uses all of %s", (name) => {
  const body = bodyOf(name);
  const members = body.matchAll(/(?:^|[{;(])\s*(?:readonly )?([a-z]\w*)\??[:(<]/gm);
  const words = [...members, ...body.matchAll(/"([\w-]+)"/g)].map(([, word = ""]) => word);
  // Why the server refuses is handed on as it comes.
  const expected = words.filter((word) => !["no-token", "bad-token", "unknown-provider"].includes(word));
  expect(expected.length).toBeGreaterThan(0);
  const unused = expected.filter((word) => !new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(SOURCES));
  expect(unused).toEqual([]);
});
