import { decodeEnvelope } from "@meshauth/meshery-simulator";
import { describe, expect, test } from "vitest";
import { expectFailure } from "../support/failure.js";
import { put, readAuth } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { document, meshauth } from "../support/program.js";
import { cloudHome } from "../support/signed-in.js";
import { authJson, leaksOf, madeUpToken } from "../support/tokens.js";
import { treeOf } from "../support/tree.js";

/** What a Kubernetes client refuses in the answer of its exec plugin: a list of complaints. */
function complaintsAbout(text: string, apiVersion: string): string[] {
  const complaints: string[] = [];
  const value = JSON.parse(text) as Record<string, unknown>;
  const { apiVersion: version, kind, status, ...others } = value;
  if (version !== apiVersion) complaints.push(`apiVersion is ${String(version)}`);
  if (kind !== "ExecCredential") complaints.push(`kind is ${String(kind)}`);
  if (Object.keys(others).length > 0) complaints.push(`unknown members: ${Object.keys(others).join()}`);
  if (typeof status !== "object" || status === null) return [...complaints, "no status"];
  const { token, expirationTimestamp, ...more } = status as Record<string, unknown>;
  if (typeof token !== "string" || token === "") complaints.push("no token");
  // metav1.Time: RFC 3339 to the second.
  const isTime =
    typeof expirationTimestamp === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(expirationTimestamp);
  if (expirationTimestamp !== undefined && !isTime)
    complaints.push(`no time: ${String(expirationTimestamp)}`);
  if (Object.keys(more).length > 0) complaints.push(`unknown members of status: ${Object.keys(more).join()}`);
  return complaints;
}

const V1 = "client.authentication.k8s.io/v1";
const V1BETA1 = "client.authentication.k8s.io/v1beta1";

function execInfo(apiVersion: string): { KUBERNETES_EXEC_INFO: string } {
  const info = { apiVersion, kind: "ExecCredential", spec: { interactive: false } };
  return { KUBERNETES_EXEC_INFO: JSON.stringify(info) };
}

describe.concurrent("credential exec", () => {
  test.each([
    ["v1", V1, execInfo(V1)],
    ["v1beta1", V1BETA1, execInfo(V1BETA1)],
    ["no version, as on a command line", V1, {}],
    ["an empty question", V1, { KUBERNETES_EXEC_INFO: "" }],
  ])("asked for %s it gives what a Kubernetes client takes", async (_, version, env) => {
    const home = offlineHome();
    const { token, access } = madeUpToken();
    put(home.authJson, authJson("Layer5", token));
    const outcome = await meshauth(home, ["credential", "exec"], { env });
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(complaintsAbout(outcome.stdout, version)).toEqual([]);
    const { status } = JSON.parse(outcome.stdout) as {
      status: { token: string; expirationTimestamp: string };
    };
    expect(status.token).toBe(access);
    expect(Math.abs(Date.parse(status.expirationTimestamp) - Date.now() - 3_600_000)).toBeLessThan(60_000);
    expect((await meshauth(home, ["credential", "exec", "--json"], { env })).stdout).toBe(outcome.stdout);
  });

  test("a token without an end has no time in it", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("Layer5", madeUpToken({ expiresIn: null, refresh: false }).token));
    const outcome = await meshauth(home, ["credential", "exec"]);
    expect(complaintsAbout(outcome.stdout, V1)).toEqual([]);
    expect(outcome.stdout).not.toContain("expirationTimestamp");
  });

  test.each([
    ["another version", JSON.stringify({ apiVersion: "client.authentication.k8s.io/v9" })],
    ["another group", JSON.stringify({ apiVersion: "v1" })],
    ["something that is not JSON", "{apiVersion"],
    ["no version", "{}"],
    ["null", "null"],
    ["a hostile version", JSON.stringify({ apiVersion: "\u001b]0;x\u0007" })],
  ])("asked for %s it is a mistake of usage, and no token is printed", async (_, info) => {
    const home = offlineHome();
    put(home.authJson, authJson("Layer5", madeUpToken().token));
    const outcome = await meshauth(home, ["credential", "exec"], { env: { KUBERNETES_EXEC_INFO: info } });
    expectFailure(outcome, 2, "MESHAUTH_E_USAGE");
    expect(outcome.stderr).not.toContain("\u001b");
  });

  test("renews first when the token is about to end, and says nothing but the credential", async () => {
    const { home, cloud, signIn } = await cloudHome();
    const old = await signIn(cloud.issueToken({ expiresIn: 60 }));
    const outcome = await meshauth(home, ["credential", "exec"], { env: { DEBUG: "*", ...execInfo(V1) } });
    expect(outcome.code).toBe(0);
    const { status } = JSON.parse(outcome.stdout) as { status: { token: string } };
    const fresh = decodeEnvelope(readAuth(home.authJson)["token"] ?? "");
    expect(fresh).toMatchObject({ access_token: status.token });
    expect(cloud.isActive(status.token)).toBe(true);
    expect(leaksOf(outcome.stderr, [old, readAuth(home.authJson)["token"] ?? "", status.token])).toEqual([]);
  });
});

describe.concurrent("credential get", () => {
  test("prints one line with everything a program needs", async () => {
    const home = offlineHome();
    const { token, access } = madeUpToken();
    put(home.authJson, authJson("Layer5", token));
    const before = treeOf(home.path);
    const outcome = await meshauth(home, ["credential", "get"]);
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(outcome.stdout).toMatch(/^[^\n]+\n$/);
    expect(document(outcome)).toMatchObject({
      token,
      accessToken: access,
      tokenType: "Bearer",
      provider: "Layer5",
      file: home.authJson,
      source: "file",
      refreshable: true,
    });
    expect((await meshauth(home, ["credential", "get", "--json"])).stdout).toBe(outcome.stdout);
    expect(treeOf(home.path)).toEqual(before);
  });

  test("of MESHERY_API_TOKEN", async () => {
    const { token } = madeUpToken({ expiresIn: null });
    const env = { MESHERY_API_TOKEN: token, MESHERY_PROVIDER: "Layer5" };
    const outcome = await meshauth(offlineHome(), ["credential", "get"], { env });
    expect(document(outcome)).toMatchObject({
      token,
      provider: "Layer5",
      source: "environment",
      expiresAt: null,
    });
  });

  test("of a local sign-in: no token; exec has nothing to give", async () => {
    const home = offlineHome();
    put(home.authJson, authJson("None", ""));
    expect(document(await meshauth(home, ["credential", "get"]))).toMatchObject({
      token: "",
      accessToken: null,
    });
    expectFailure(await meshauth(home, ["credential", "exec"]), 4, "MESHAUTH_E_NOT_AUTHENTICATED");
  });

  test.each<["get" | "exec", string, number, string]>([
    ["get", "", 4, "MESHAUTH_E_NOT_AUTHENTICATED"],
    ["exec", "", 4, "MESHAUTH_E_NOT_AUTHENTICATED"],
    ["get", '{"token":', 8, "MESHAUTH_E_DAMAGED"],
    ["exec", '{"token":', 8, "MESHAUTH_E_DAMAGED"],
  ])("%s with %j in the file fails with nothing on standard output", async (command, content, exit, code) => {
    const home = offlineHome();
    put(home.authJson, content);
    expectFailure(await meshauth(home, ["credential", command]), exit, code);
  });
});
