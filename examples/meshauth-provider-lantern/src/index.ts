import { defineProvider, PROVIDER_API } from "@meshauth/provider-api";
import { ID } from "./about.js";
import { identify } from "./identify.js";
import { login } from "./login.js";
import { refresh } from "./refresh.js";
import { revoke } from "./revoke.js";

/** Signs in at Lantern. meshauth imports this module when somebody chose the provider, and not before. */
export default defineProvider({ api: PROVIDER_API, id: ID, login, identify, refresh, revoke });
