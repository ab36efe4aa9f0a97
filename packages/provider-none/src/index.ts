import { defineProvider, PROVIDER_API, type Provider } from "@meshauth/provider-api";
import { localName } from "./local-name.js";

/**
 * The provider without accounts. Its credential is a name and an empty token; there is nobody to ask who
 * it belongs to, nothing to renew and nothing to end.
 */
const none: Provider = defineProvider({
  api: PROVIDER_API,
  id: "none",
  async login(_request, host) {
    return { kind: "local", serverName: await localName(host) };
  },
});

export default none;
