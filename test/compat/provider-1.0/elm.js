// What the providers of this package have in common. It imports nothing: the contract is kept by shape alone.

/** An error that meshauth takes for one of the contract's, whichever copy of the contract it has. */
export function failure(code, message, { reason, next = [], cause } = {}) {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  return Object.assign(error, {
    name: "ProviderError",
    [Symbol.for("meshauth.ProviderError")]: true,
    code,
    reason,
    next,
  });
}

/** Sends a form to Elm. */
export async function post(host, origin, path, form, timeout = 5_000) {
  const answer = await host.fetch(new URL(path, origin), {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
    timeout,
  });
  host.debug(`${path} answered ${answer.status} with ${answer.text.length} characters`);
  return answer;
}

/** What Elm answered, as JSON. */
export function read(answer) {
  const location = answer.headers.get("location");
  if (location !== null)
    throw failure("protocol", "Elm sends us elsewhere.", { reason: `It names ${location}.` });
  if (answer.status >= 500)
    throw failure("unreachable", "Elm is out of order.", { next: ["Try again later."] });
  const body = answer.json();
  if (answer.status === 401 || body.error === "access_denied" || body.error === "invalid_grant") {
    throw failure("denied", "Elm said no.", { reason: body.error_description });
  }
  if (body.error === "expired_token") throw failure("expired", "The code of Elm is out of date.");
  if (answer.status >= 400 && body.error !== "authorization_pending") {
    throw failure("protocol", "Elm did not understand.", { reason: `It answered ${answer.status}.` });
  }
  return body;
}

/** The parts of a credential, as a login gave it or as it was stored. */
export function partsOf(credential) {
  if (credential.kind === "oauth2") {
    return { access: credential.accessToken, refresh: credential.refreshToken };
  }
  if (credential.kind === "local") return {};
  try {
    const stored = JSON.parse(Buffer.from(credential.token, "base64").toString());
    return { access: stored.access_token, refresh: stored.refresh_token };
  } catch {
    return { access: credential.token };
  }
}

/** Whose a credential is, by Elm's own word. */
export async function whoIs(credential, host) {
  const { access } = partsOf(credential);
  const answer = await host.fetch(`${credential.origin}/me`, {
    headers: { Authorization: `Bearer ${access}` },
  });
  const { id, name, email } = read(answer);
  return { id, name, email };
}
