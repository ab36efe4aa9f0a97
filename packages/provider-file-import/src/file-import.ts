import { defineProvider, type LoginRequest, PROVIDER_API, type Provider } from "@meshauth/provider-api";
import { importCredential } from "./import.js";
import type { FileIdentity } from "./read-file.js";
import { removeSource } from "./remove.js";

/**
 * The provider that takes a credential which somebody already has. It has no question of its own about whose
 * it is: that is the Meshery Server's to say.
 */
export function createFileImport(): Provider {
  // Which file a login was read from: with `--remove-source` that one is deleted, and no other.
  const sources = new WeakMap<LoginRequest, FileIdentity>();
  return defineProvider({
    api: PROVIDER_API,
    id: "file-import",
    async login(request, host) {
      const { credential, source } = await importCredential(request, host);
      if (source !== undefined) sources.set(request, source);
      return credential;
    },
    async saved(request) {
      const source = sources.get(request);
      if (source !== undefined && request.options["remove-source"] === true) await removeSource(source);
    },
  });
}
