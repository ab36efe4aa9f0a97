import { defineProvider, PROVIDER_API, type Provider } from "@meshauth/provider-api";
import { identify } from "./identify.js";
import { login } from "./login.js";
import { refresh } from "./refresh.js";
import { revoke } from "./revoke.js";

/** Signs in at Layer5 Cloud, or at another remote provider of a Meshery Server. */
const layer5: Provider = defineProvider({
  api: PROVIDER_API,
  id: "layer5",
  login,
  identify,
  refresh,
  revoke,
});

export default layer5;
