import { defineProvider, PROVIDER_API, type Provider } from "@meshauth/provider-api";
import { identify } from "./identify.js";
import { login } from "./login.js";
import { refresh } from "./refresh.js";
import { revoke } from "./revoke.js";

/** Signs in at any OpenID Connect or OAuth 2.0 server, with the browser or with a code. */
const oidc: Provider = defineProvider({
  api: PROVIDER_API,
  id: "oidc",
  login,
  identify,
  refresh,
  revoke,
});

export default oidc;
