import { afterEach, expect, test } from "vitest";
import { fakeHost } from "../../provider-api/test/support/fake-host.js";
import { startIssuer } from "./support/issuer.js";
import { login } from "./support/login.js";
import { endAll } from "./support/running.js";

afterEach(endAll);

const SECRET = "made-up client+secret_(1)*";

// A server may quote what it was sent, undone or not.
test.each([
  ["client_secret_basic", ({ header }: Sent) => Buffer.from(header, "base64").toString().split(":")[1] ?? ""],
  ["client_secret_post", ({ body }: Sent) => /client_secret=([^&]*)/.exec(body)?.[1] ?? ""],
])("the secret is one in the spelling of %s, too", async (method, quoted) => {
  const issuer = await startIssuer();
  const host = fakeHost({ env: { MESHAUTH_OIDC_CLIENT_SECRET: SECRET } });
  const sent: Sent = { header: "", body: "" };
  const watched = {
    ...host,
    fetch: (url: string | URL, init?: Parameters<typeof host.fetch>[1]) => {
      if (init?.method === "POST") {
        sent.header = init.headers?.["authorization"]?.replace("Basic ", "") ?? "";
        sent.body = String(init.body);
      }
      return host.fetch(url, init);
    },
  };
  const options = { issuer: issuer.url, "client-id": "cli", flow: "device", "client-auth": method };
  await expect(login(options, watched)).rejects.toBeDefined();
  expect(decodeURIComponent(quoted(sent).replaceAll("+", " "))).toBe(SECRET);
  expect([...host.secrets]).toEqual(expect.arrayContaining([SECRET, quoted(sent)]));
});

interface Sent {
  header: string;
  body: string;
}
