import { failure, partsOf, post, read, whoIs } from "./elm.js";

export default {
  api: { major: 1, minor: 0 },
  id: "elm",

  async login(request, host) {
    const { url, remember } = request.options;
    const realm = request.options.realm ?? (await askRealm(host));
    const days = request.options.days ?? (await askDays(host));
    const kept =
      remember || (host.interactive && (await host.confirm({ message: "Remember this machine?" })));
    host.report({ type: "step", message: `Signing in at ${url}.` });
    const state = `state-${host.now().getTime()}`;
    const receiver = await host.listen({
      parameters: ["code", "state", "error"],
      accept: (parameters) => decide(parameters, state),
      acceptPasted: (text) =>
        text.startsWith("elm-code-")
          ? { kind: "accept", value: text }
          : { kind: "refuse", reason: "A code of Elm begins with elm-code-." },
    });
    try {
      const link = new URL("/authorize", url);
      link.search = new URLSearchParams({
        redirect_uri: receiver.redirectUri,
        source: "elm",
        state,
        realm,
        days: String(days),
        remember: kept ? "yes" : "no",
      }).toString();
      const code = await receiver.wait(link, "Elm sends a code by mail: paste it here.");
      host.secret(code);
      const answer = await post(host, url, "/token", { grant_type: "authorization_code", code });
      const token = grant(read(answer), host);
      return {
        ...token,
        serverName: await nameOf(request, host),
        origin: url,
        settings: { realm },
        members: { "elm-realm": realm },
      };
    } finally {
      await receiver.close();
    }
  },

  async refresh(credential, host) {
    const { refresh } = partsOf(credential);
    if (refresh === undefined) throw failure("expired", "This login has nothing to renew it by.");
    const form = { grant_type: "refresh_token", refresh_token: refresh, ...credential.settings, ...credential.members };
    const token = grant(read(await post(host, credential.origin, "/token", form, 20_000)), host);
    return { ...token, serverName: credential.serverName, origin: credential.origin };
  },

  async revoke(credential, host) {
    const { access, refresh } = partsOf(credential);
    read(await post(host, credential.origin, "/revoke", { token: refresh ?? access }));
    return { outcome: "revoked" };
  },

  identify: whoIs,

  async saved(request, host) {
    read(await post(host, request.options.url, "/saved", { force: String(request.force) }));
    host.report({ type: "step", message: "Elm knows this machine now." });
  },
};

function decide(parameters, state) {
  if (parameters.has("error")) return { kind: "fail", reason: parameters.get("error") };
  if (parameters.get("state") !== state) return { kind: "refuse", reason: "It belongs to another login." };
  const code = parameters.get("code");
  return code === undefined ? { kind: "refuse", reason: "No code came." } : { kind: "accept", value: code };
}

function grant({ access_token, refresh_token, token_type, expires_in }, host) {
  return {
    kind: "oauth2",
    accessToken: access_token,
    refreshToken: refresh_token,
    tokenType: token_type,
    expiry: new Date(host.now().getTime() + expires_in * 1000).toISOString(),
  };
}

async function askRealm(host) {
  if (!host.interactive) return "staff";
  return await host.choose({
    message: "Where is the account kept?",
    choices: [
      { value: "staff", label: "With the staff", hint: "for those who work here" },
      { value: "guests", label: "With the guests" },
    ],
    initial: "guests",
  });
}

async function askDays(host) {
  if (!host.interactive) return 30;
  return Number(await host.ask({ message: "For how many days?" }));
}

/** The name that was typed, else the one that the Meshery Server has for Elm. */
async function nameOf(request, host) {
  if (request.serverName !== undefined) return request.serverName;
  const listed = await host.server.providers();
  if (listed.kind !== "ok") {
    host.debug(`${host.server.url}: ${listed.message}`);
    return "Elm";
  }
  const here = listed.value.find(({ type, url }) => type === "remote" && url === request.options.url);
  return here?.name ?? here?.key ?? "Elm";
}
