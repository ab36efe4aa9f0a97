import { describe, expect, test } from "vitest";
import { reachHint, thisMachine, tunnelCommand } from "../../src/surroundings/index.js";
import { DESKTOP, type Place, SSH, surroundings } from "./support.js";

function seen(place: Place): string[] {
  return surroundings(place)
    .facts.filter(({ holds }) => holds)
    .map(({ id }) => id);
}

const TERMINALS = ["stdin-terminal", "stderr-terminal"];

describe("facts", () => {
  test.each<[string, Place, string[]]>([
    ["a Linux desktop", DESKTOP, ["display", ...TERMINALS]],
    ["Wayland", { env: { WAYLAND_DISPLAY: "wayland-0" } }, ["display", ...TERMINALS]],
    ["macOS", { platform: "darwin" }, ["display", ...TERMINALS]],
    ["Windows", { platform: "win32" }, ["display", ...TERMINALS]],
    ["SSH", SSH, ["ssh", "display", ...TERMINALS]],
    ["SSH that only left a client", { env: { SSH_CLIENT: "203.0.113.7 50022 22" } }, ["ssh", ...TERMINALS]],
    [
      "WSL",
      { machine: { wsl: true, wslInterop: true }, env: { WSL_INTEROP: "/run/WSL/1_interop" } },
      ["wsl", "wsl-interop", ...TERMINALS],
    ],
    ["WSL without its socket", { machine: { wsl: true, wslInterop: true } }, ["wsl", ...TERMINALS]],
    [
      "WSL that has Windows programs turned off",
      { machine: { wsl: true }, env: { WSL_INTEROP: "/run/WSL/1_interop" } },
      ["wsl", ...TERMINALS],
    ],
    ["a container", { machine: { container: true } }, ["container", ...TERMINALS]],
    ["a container by its variable", { env: { container: "podman" } }, ["container", ...TERMINALS]],
    ["Flatpak, which is none", { env: { container: "flatpak" } }, TERMINALS],
    ["a pod", { env: { KUBERNETES_SERVICE_HOST: "10.96.0.1" } }, ["kubernetes", ...TERMINALS]],
    ["a dev container", { env: { REMOTE_CONTAINERS: "true" } }, ["dev-container", ...TERMINALS]],
    ["a dev container of another editor", { env: { DEVCONTAINER: "1" } }, ["dev-container", ...TERMINALS]],
    ["a codespace", { env: { CODESPACES: "true" } }, ["codespaces", ...TERMINALS]],
    ["variables that say no", { env: { CODESPACES: "false", CI: "0", ACCESSIBLE: "" } }, TERMINALS],
    ["CI", { env: { CI: "true" } }, ["ci", ...TERMINALS]],
    ["a screen reader", { env: { ACCESSIBLE: "1" } }, ["screen-reader", ...TERMINALS]],
    [
      "root on a dumb terminal",
      { machine: { root: true }, env: { TERM: "dumb" } },
      ["root", "dumb-terminal", ...TERMINALS],
    ],
    ["no terminal and no questions", { stdin: false, stderr: false, noInput: true }, ["no-input"]],
  ])("%s", (_, place, expected) => {
    expect(seen(place)).toEqual(expected);
  });

  test("CI goes by its name", () => {
    const { facts } = surroundings({ env: { CI: "true" }, machine: { ci: "GitLab CI" } });
    expect(facts).toContainEqual({ id: "ci", holds: true, detail: "GitLab CI" });
  });

  test("what a variable says is made fit for a terminal", () => {
    const { facts } = surroundings({ env: { BROWSER: "fire\u001b[31mfox" } });
    expect(facts).toContainEqual({ id: "named-browser", holds: true, detail: "BROWSER=fire[31mfox" });
  });

  test("this machine", async () => {
    const { facts } = surroundings({ machine: await thisMachine() });
    expect(facts).toContainEqual({ id: "root", holds: process.geteuid?.() === 0 });
  });
});

describe("what opens the link", () => {
  test.each<[string, Place, string, RegExp | undefined]>([
    ["a desktop", DESKTOP, "platform", undefined],
    ["macOS", { platform: "darwin" }, "platform", undefined],
    ["Windows", { platform: "win32" }, "platform", undefined],
    ["no display", {}, "none", /^This machine has no display\.$/],
    ["SSH with a forwarded display", SSH, "none", /SSH session/],
    ["SSH to macOS", { ...SSH, platform: "darwin" }, "none", /SSH session/],
    ["SSH with a named browser", { env: { ...SSH.env, BROWSER: "firefox" } }, "named", undefined],
    [
      "WSL",
      { machine: { wsl: true, wslInterop: true }, env: { WSL_INTEROP: "/run/WSL/1_interop" } },
      "wsl",
      undefined,
    ],
    ["WSL without interop", { machine: { wsl: true }, env: { DISPLAY: ":0" } }, "none", /Windows programs/],
    ["a container with a display", { machine: { container: true }, ...DESKTOP }, "none", /container/],
    ["a pod", { env: { KUBERNETES_SERVICE_HOST: "10.96.0.1" } }, "none", /pod/],
    [
      "a dev container",
      { env: { REMOTE_CONTAINERS: "true" }, machine: { container: true } },
      "none",
      /dev container/,
    ],
    [
      "a dev container with the editor's helper",
      { env: { REMOTE_CONTAINERS: "true", BROWSER: "/vscode/bin/helpers/browser.sh" } },
      "named",
      undefined,
    ],
    ["a codespace", { env: { CODESPACES: "true" } }, "none", /codespace/],
    ["a text browser over SSH", { env: { ...SSH.env, BROWSER: "w3m" } }, "none", /SSH session/],
    ["a text browser on a desktop", { env: { ...DESKTOP.env, BROWSER: "lynx" } }, "platform", undefined],
    ["a text browser, then another", { env: { BROWSER: "w3m:firefox" } }, "named", undefined],
    [
      "a text browser on purpose",
      { env: { MESHAUTH_BROWSER: "w3m", ...DESKTOP.env } },
      "platform",
      undefined,
    ],
  ])("%s", (_, place, opener, obstacle) => {
    const found = surroundings(place);
    expect(found.opener).toBe(opener);
    if (obstacle === undefined) expect(found.obstacle).toBeUndefined();
    else expect(found.obstacle?.text).toMatch(obstacle);
  });

  test("a text browser that was passed over is told", () => {
    expect(surroundings({ env: { BROWSER: "w3m" } }).facts).toContainEqual({
      id: "named-browser",
      holds: false,
      detail: "BROWSER names w3m, which runs in a terminal and is not started",
    });
  });
});

describe("whom one can ask", () => {
  test.each<[string, Place, string | undefined]>([
    ["terminals", {}, undefined],
    ["--no-input", { noInput: true }, "--no-input forbids questions."],
    ["CI", { env: { CI: "1" } }, "CI is set, so nobody is asked."],
    ["CI=false", { env: { CI: "False" } }, undefined],
    ["no input", { stdin: false }, "Standard input is no terminal."],
    ["no error stream", { stderr: false }, "Standard error is no terminal."],
  ])("%s", (_, place, silence) => {
    expect(surroundings(place).silence?.text).toBe(silence);
  });
});

describe("the way back to a local port", () => {
  test.each<[string, Place, string | undefined]>([
    ["a desktop", DESKTOP, undefined],
    ["SSH", SSH, "ssh -N -L 8123:localhost:8123 alice@192.0.2.10"],
    [
      "SSH on another port",
      { env: { SSH_CONNECTION: "203.0.113.7 50022 192.0.2.10 2222" } },
      "ssh -N -L 8123:localhost:8123 -p 2222 alice@192.0.2.10",
    ],
    [
      "SSH over IPv6",
      { env: { SSH_CONNECTION: "2001:db8::7 50022 2001:db8::10 22" } },
      "ssh -N -L 8123:localhost:8123 alice@2001:db8::10",
    ],
    [
      "a user name that a shell would act on",
      { ...SSH, machine: { user: "EXAMPLE\\alice" } },
      "ssh -N -L 8123:localhost:8123 'EXAMPLE\\alice@192.0.2.10'",
    ],
    [
      "a user id without a name",
      { env: { ...SSH.env, LOGNAME: "bob" }, machine: { user: undefined } },
      "ssh -N -L 8123:localhost:8123 bob@192.0.2.10",
    ],
    [
      "nobody's name",
      { ...SSH, machine: { user: undefined } },
      "ssh -N -L 8123:localhost:8123 USER@192.0.2.10",
    ],
    ["an unknown address", { env: { SSH_CONNECTION: "UNKNOWN 65535 UNKNOWN 65535" } }, undefined],
    ["an address that a shell would act on", { env: { SSH_CONNECTION: "a 1 $(touch;x) 22" } }, undefined],
    [
      "a port that is none",
      { env: { SSH_CONNECTION: "a 1 192.0.2.10 22;x" } },
      "ssh -N -L 8123:localhost:8123 alice@192.0.2.10",
    ],
    [
      "a codespace",
      { env: { CODESPACES: "true", CODESPACE_NAME: "fuzzy-space-x7" } },
      "gh codespace ports forward 8123:8123 --codespace fuzzy-space-x7",
    ],
    ["a codespace of an odd name", { env: { CODESPACES: "true", CODESPACE_NAME: "-x;y" } }, undefined],
    [
      "a pod",
      { env: { KUBERNETES_SERVICE_HOST: "10.96.0.1", HOSTNAME: "shell-0", POD_NAMESPACE: "tools" } },
      "kubectl port-forward --namespace tools pod/shell-0 8123:8123",
    ],
    [
      "a pod whose namespace is not known",
      { env: { KUBERNETES_SERVICE_HOST: "10.96.0.1", HOSTNAME: "shell-0" } },
      "kubectl port-forward pod/shell-0 8123:8123",
    ],
    ["a container", { machine: { container: true } }, undefined],
  ])("%s", (_, place, command) => {
    expect(tunnelCommand(surroundings(place), 8123)).toBe(command);
  });

  test.each<[string, Place, RegExp | undefined]>([
    ["a desktop", DESKTOP, undefined],
    ["SSH, which has a command", SSH, undefined],
    ["SSH into a container", { ...SSH, machine: { container: true } }, undefined],
    ["a container", { machine: { container: true } }, /port 8123, .*--network host/],
    [
      "a dev container",
      { env: { DEVCONTAINER: "1" }, machine: { container: true } },
      /Forward port 8123 in the editor/,
    ],
    ["WSL", { machine: { wsl: true } }, /browser in Windows/],
  ])("what to do where no command is known: %s", (_, place, hint) => {
    const text = reachHint(surroundings(place), 8123);
    if (hint === undefined) expect(text).toBeUndefined();
    else expect(text).toMatch(hint);
  });
});
