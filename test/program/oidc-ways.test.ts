import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Issuer, startIssuer } from "../../packages/provider-oidc/test/support/issuer.js";
import { endAll } from "../../packages/provider-oidc/test/support/running.js";
import { expectFailure } from "../support/failure.js";
import { put } from "../support/files.js";
import { offlineHome } from "../support/offline.js";
import { document, type Home, meshauth, startMeshauth } from "../support/program.js";

let issuer: Issuer;
let browserOnly: Issuer;

beforeAll(async () => {
  [issuer, browserOnly] = await Promise.all([startIssuer(), startIssuer()]);
  const body = {
    device_code: "made-up-device-code-of-the-person",
    user_code: "WDJB-MJHT",
    verification_uri: `${issuer.url}/code`,
    expires_in: 60,
  };
  issuer.answers.set("/device", () => ({ body }));
  issuer.answers.set("/token", () => ({ status: 400, body: { error: "authorization_pending" } }));
  delete browserOnly.metadata["device_authorization_endpoint"];
});
afterAll(endAll);

const login = ({ url }: Issuer, ...more: readonly string[]) => [
  ...["login", "oidc", "--issuer", url, "--client-id", "cli"],
  ...more,
];

/** What `--explain` says, and the command that it has for a way. */
async function explained(home: Home, args: readonly string[], env: Readonly<Record<string, string>>) {
  const { chosen, ways } = document(await meshauth(home, [...args, "--explain", "--json"], { env })) as {
    chosen: string | null;
    ways: { id: string; command: string | null }[];
  };
  return { chosen, command: (id: string) => ways.find((way) => way.id === id)?.command };
}

const SSH = { SSH_CONNECTION: "203.0.113.7 50022 192.0.2.10 22" };

describe.concurrent("the way in that a login takes off a terminal, and that --explain tells", () => {
  test.each<[string, readonly string[], Readonly<Record<string, string>>, "browser" | "code" | "link"]>([
    ["a browser that is named", [], { MESHAUTH_BROWSER: "BROWSER" }, "browser"],
    ["a browser that is named, over SSH", [], { ...SSH, MESHAUTH_BROWSER: "BROWSER" }, "browser"],
    ["nothing that could open a browser", [], {}, "code"],
    ["SSH", [], SSH, "code"],
    ["a pod", [], { KUBERNETES_SERVICE_HOST: "192.0.2.1", DISPLAY: ":0" }, "code"],
    ["CI", ["--no-input"], { CI: "true", DISPLAY: ":0" }, "code"],
    ["--no-browser", ["--no-browser"], SSH, "link"],
    ["--flow device", ["--flow", "device"], { MESHAUTH_BROWSER: "BROWSER" }, "code"],
  ])("%s", async (_, more, variables, way) => {
    const home = offlineHome();
    const opener = put(`${home.path}/opener`, "#!/bin/sh\n", 0o755);
    const env = Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, value.replace("BROWSER", opener)]),
    );
    const args = login(issuer, ...more);
    const { chosen } = await explained(home, args, env);
    expect(chosen).toBe(way === "browser" ? "browser" : "link");
    const program = startMeshauth(home, args, { env });
    const pattern = way === "code" ? /enter this code: WDJB-MJHT/ : /^http:\S+\/authorize\?\S+$/m;
    await program.seen(pattern);
    program.kill("SIGTERM");
    const { stderr } = await program.outcome;
    if (way === "code") expect(stderr).not.toContain("/authorize?");
  });

  test("a server without codes: nobody would see the link, and what is offered instead works as it stands", async () => {
    const home = offlineHome();
    const outcome = await meshauth(home, login(browserOnly, "--extra", "ui_locales=de en"));
    expectFailure(outcome, 10, "MESHAUTH_E_INTERACTION");
    const command = `${login(browserOnly).join(" ")} --extra 'ui_locales=de en' --no-browser`;
    expect(outcome.stderr).toContain(`Next:  meshauth ${command}\n`);
    const program = startMeshauth(home, login(browserOnly, "--extra", "ui_locales=de en", "--no-browser"));
    const [link] = await program.seen(/^http:\S+\/authorize\?\S+$/m);
    expect(new URL(link).searchParams.get("ui_locales")).toBe("de en");
    program.kill("SIGTERM");
    await program.outcome;
  });

  test.each([
    ["--flow device at a server without codes", ["--flow", "device"], 7, "MESHAUTH_E_PROTOCOL"],
    ["--flow device with what only the browser can", ["--flow", "device", "--prompt", "login"], 2, "USAGE"],
    ["--port, which asks for the browser", ["--port", "4711"], 10, "MESHAUTH_E_INTERACTION"],
    ["--paste, which asks for the browser", ["--paste"], 10, "MESHAUTH_E_INTERACTION"],
  ])("%s ends at once", async (_, more, exit, code) => {
    expectFailure(await meshauth(offlineHome(), login(browserOnly, ...more)), exit, new RegExp(code));
  });

  test("--explain names what is missing, and repeats what is there", async () => {
    const bare = await explained(offlineHome(), ["login", "oidc"], SSH);
    expect(bare.command("link")).toBe("meshauth login oidc --issuer URL --client-id ID");
    const full = await explained(offlineHome(), login(issuer, "--scope", "openid email"), SSH);
    expect(full.command("two-step")).toBe(
      `meshauth ${login(issuer).join(" ")} --scope 'openid email' --start --json`,
    );
  });
});
