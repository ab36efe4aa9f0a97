import { setTimeout as rest } from "node:timers/promises";
import { failure, post, read, whoIs } from "./elm.js";

export default {
  api: { major: 1, minor: 0 },
  id: "elm-device",

  async login({ options: { url } }, host) {
    const grant = read(await post(host, url, "/device", { client_id: "meshauth" }));
    host.secret(grant.device_code);
    host.debug((await host.wantsBrowser()) ? "There is a browser here." : "There is no browser here.");
    host.report({ type: "step", message: `Open ${grant.verification_uri} and enter ${grant.user_code}.` });
    const end = host.now().getTime() + grant.expires_in * 1000;
    while (host.now().getTime() < end) {
      await rest(grant.interval * 1000, undefined, { signal: host.signal });
      const body = read(await post(host, url, "/token", { device_code: grant.device_code }));
      if (body.access_token !== undefined) {
        return { kind: "token", serverName: "Elm Device", token: body.access_token, origin: url };
      }
    }
    throw failure("expired", "Nobody entered the code in time.");
  },

  async revoke(credential) {
    return { outcome: "not-supported", page: `${credential.origin}/devices` };
  },

  identify: whoIs,
};
