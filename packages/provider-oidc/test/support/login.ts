import type { Account, Credential, OptionValues, Revocation, TokenCredential } from "@meshauth/provider-api";
import { storedToken } from "@meshauth/provider-api/format";
import type { FakeHost } from "../../../provider-api/test/support/fake-host.js";
import oidc from "../../src/index.js";

/** Signs in with options. */
export function login(options: OptionValues, host: FakeHost): Promise<Credential> {
  return oidc.login({ options, force: false }, host);
}

export function refresh(credential: Credential, host: FakeHost): Promise<Credential> {
  return oidc.refresh?.(credential, host) ?? Promise.reject(new Error("no refresh"));
}

export function identify(credential: Credential, host: FakeHost): Promise<Account> {
  return oidc.identify?.(credential, host) ?? Promise.reject(new Error("no identify"));
}

export function revoke(credential: Credential, host: FakeHost): Promise<Revocation> {
  return oidc.revoke?.(credential, host) ?? Promise.reject(new Error("no revoke"));
}

/** A credential as it comes back from the file. */
export function stored(credential: Credential): TokenCredential {
  const { serverName, origin, settings, members } = credential;
  return {
    kind: "token",
    serverName,
    token: storedToken(credential),
    ...(origin === undefined ? {} : { origin }),
    ...(settings === undefined ? {} : { settings }),
    ...(members === undefined ? {} : { members }),
  };
}

/** The browser of someone whom an issuer sends back at once with what the link asks for, and with changes. */
export function sentBack(
  issuer: string,
  changes: Readonly<Record<string, string | undefined>> = {},
): (link: URL) => Promise<void> {
  return async (link) => {
    const back = new URL(link.searchParams.get("redirect_uri") ?? "");
    const answer = {
      code: "made-up-code",
      state: link.searchParams.get("state") ?? "",
      iss: issuer,
      ...changes,
    };
    for (const [name, value] of Object.entries(answer)) {
      if (value !== undefined) back.searchParams.set(name, value);
    }
    await fetch(back, { redirect: "manual" });
  };
}
