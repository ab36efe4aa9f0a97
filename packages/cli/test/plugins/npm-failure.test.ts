import { expect, it } from "vitest";
import { npmFailure } from "../../src/plugins/npm-failure.js";

const document = (code: string, summary = "what npm says") =>
  JSON.stringify({ error: { code, summary, detail: "" } });

it.each([
  ["E404", "MESHAUTH_E_PLUGIN"],
  ["ETARGET", "MESHAUTH_E_PLUGIN"],
  ["ERESOLVE", "MESHAUTH_E_PLUGIN"],
  ["EBADENGINE", "MESHAUTH_E_PLUGIN"],
  ["EINTEGRITY", "MESHAUTH_E_PLUGIN"],
  ["TAR_BAD_ARCHIVE", "MESHAUTH_E_PLUGIN"],
  ["EALLOWGIT", "MESHAUTH_E_PLUGIN_UNSAFE"],
  ["TAR_ABORT", "MESHAUTH_E_PLUGIN_UNSAFE"],
  ["E401", "MESHAUTH_E_PLUGIN"],
  ["ENOTFOUND", "MESHAUTH_E_NETWORK"],
  ["ECONNREFUSED", "MESHAUTH_E_NETWORK"],
  ["ECONNRESET", "MESHAUTH_E_NETWORK"],
  ["ETIMEDOUT", "MESHAUTH_E_NETWORK"],
  ["E503", "MESHAUTH_E_NETWORK"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "MESHAUTH_E_NETWORK"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "MESHAUTH_E_NETWORK"],
  ["EACCES", "MESHAUTH_E_STORE"],
  ["ENOSPC", "MESHAUTH_E_STORE"],
  ["SOMETHING_NEW", "MESHAUTH_E_PLUGIN"],
])("%s is %s", (code, expected) => {
  const failure = npmFailure(document(code), "acme@latest");
  expect(failure.code).toBe(expected);
  expect(failure.message).toBe("npm could not do its work for acme@latest.");
  expect(failure.why).toContain("npm says: what npm says");
  expect(failure.next.length).toBeGreaterThan(0);
});

it.each(["", "no json", "{", "null", '{"error":7}', '{"other":{}}'])(
  "npm that says nothing of use: %j",
  (stdout) => {
    expect(npmFailure(stdout, "acme")).toMatchObject({ code: "MESHAUTH_E_PLUGIN", why: "npm failed." });
  },
);

it("finds the document behind other output", () => {
  expect(npmFailure(`npm notice\n${document("E404")}`, "acme").why).toContain("(E404)");
});

it("keeps passwords in addresses and escapes to itself", () => {
  const failure = npmFailure(
    document("E404", "GET https://user:SECRET-CANARY@r.example/x\u001b[31m"),
    "https://me:SECRET-CANARY@r.example/x.tgz",
  );
  expect(`${failure.message}${failure.why}`).not.toMatch(/SECRET-CANARY|\u001b/);
});
