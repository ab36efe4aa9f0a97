import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildRegistry,
  gatherSurroundings,
  isMeshauthError,
  type LoginInput,
  type LoginReport,
  login,
  MeshauthError,
  type Registry,
  type Runtime,
  refresh,
  requireProvider,
  Secrets,
  thisMachine,
  type WaitView,
} from "@meshauth/core";
import { beforeAll, describe, expect, test } from "vitest";
import { openCallback } from "../support/browser-login.js";
import { atEnd } from "../support/cleanup.js";
import { put, readAuth } from "../support/files.js";
import { NOWHERE } from "../support/offline.js";
import { type Elm, KEY, startElm } from "./elm.js";
import { PACKAGE, PACKAGE_NAME } from "./home.js";

let elm: Elm;
let registry: Registry;
beforeAll(async () => {
  elm = await startElm();
  registry = await buildRegistry([{ name: PACKAGE_NAME, root: PACKAGE, origin: "link" }]);
});

/** Someone at a terminal, with what they do about a link and what they answer. */
interface Person {
  readonly runtime: Runtime;
  readonly authJson: string;
  readonly notices: string[];
}

interface Habits {
  readonly interactive?: boolean;
  readonly answers?: readonly (string | boolean)[];
  readonly server?: string;
  visit?(view: WaitView): Promise<void>;
}

function person({ interactive = false, answers = [], server = elm.url, visit }: Habits = {}): Person {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "meshauth-compat-")));
  atEnd(() => rmSync(home, { recursive: true, force: true }));
  const left = [...answers];
  const notices: string[] = [];
  const answer = async (): Promise<never> => {
    if (left.length === 0) throw new MeshauthError("MESHAUTH_E_INTERACTION");
    return left.shift() as never;
  };
  const runtime = {
    env: { MESHERY_SERVER_URL: server },
    platform: process.platform,
    home,
    cwd: home,
    dataDir: join(home, "data"),
    userAgent: "meshauth/0.0.0 test",
    registry,
    terminal: {
      interactive,
      notify: ({ message }: { message: string }) => void notices.push(message),
      ask: answer,
      confirm: answer,
      choose: answer,
      async wait(view: WaitView) {
        void visit?.(view);
        return { opened: () => {}, end: () => {} };
      },
      readStdin: async (limit: number) => Buffer.from("x".repeat(limit + 1)),
    },
    secrets: new Secrets(),
    signal: new AbortController().signal,
    now: () => new Date(),
    surroundings: async () =>
      gatherSurroundings({
        env: {},
        platform: process.platform,
        machine: await thisMachine(),
        streams: { stdin: interactive, stderr: interactive },
        noInput: undefined,
      }),
    admit: async () => {},
    runProvider: (_: string, run: () => Promise<unknown>) => run(),
    debug: () => {},
  } as Runtime;
  return { runtime, authJson: join(home, ".meshery/auth.json"), notices };
}

type Options = LoginInput["options"];

function signIn({ runtime }: Person, id: string, options: Options = {}): Promise<LoginReport> {
  return login(runtime, {
    target: {},
    provider: requireProvider(registry, id),
    options: { url: elm.url, ...options },
    browser: { noBrowser: true },
    timeout: 20_000,
    force: false,
    skipVerify: false,
    tokenStdin: false,
    ownFile: false,
    words: ["login", id],
  });
}

/** How an attempt failed: the code, and all that is said about it. */
async function failureOf(attempt: Promise<unknown>): Promise<{ code: string; text: string }> {
  const error: unknown = await attempt.then(
    () => expect.fail("It did not fail."),
    (reason: unknown) => reason,
  );
  if (!isMeshauthError(error)) throw error;
  return { code: error.code, text: [error.message, error.why, ...error.next].join(" ") };
}

describe("the errors of a package of contract 1.0", () => {
  test.each<
    [string, string, Options, [number, unknown, Record<string, string>?] | undefined, string, string]
  >([
    ["denied", "elm-device", {}, [400, { error: "access_denied" }], "MESHAUTH_E_DENIED", "Elm said no."],
    ["expired", "elm-device", {}, [400, { error: "expired_token" }], "MESHAUTH_E_EXPIRED", "out of date"],
    ["unreachable", "elm-device", {}, [503, {}], "MESHAUTH_E_NETWORK", "Try again later."],
    ["a redirect", "elm-device", {}, [302, {}, { location: "/x" }], "MESHAUTH_E_PROTOCOL", "It names /x."],
    ["a page", "elm-device", {}, [200, "<html>"], "MESHAUTH_E_PROTOCOL", ""],
    ["usage", "elm-guest", { name: "X1" }, undefined, "MESHAUTH_E_USAGE", "--name ada"],
    ["input", "elm-file", { file: "/nowhere" }, undefined, "MESHAUTH_E_IMPORT", "ENOENT"],
    ["too much", "elm-file", { file: "-" }, undefined, "MESHAUTH_E_IMPORT", "4096 bytes"],
    ["interaction", "elm-key", {}, undefined, "MESHAUTH_E_INTERACTION", "--token-stdin < FILE"],
    ["nobody there", "elm-device", { url: NOWHERE }, undefined, "MESHAUTH_E_NETWORK", "Nothing listens"],
  ])("%s", async (_, id, options, instead, code, text) => {
    if (instead !== undefined) elm.next("/device", ...instead);
    const failure = await failureOf(signIn(person(), id, options));
    expect(failure.code).toBe(code);
    expect(failure.text).toContain(text);
  });

  test("fail, at the callback address: the login ends", async () => {
    const someone = person({
      async visit({ link }) {
        const back = new URL(new URL(link).searchParams.get("redirect_uri") ?? "");
        back.search = "?error=access_denied";
        await openCallback(back.href);
      },
    });
    expect(await failureOf(signIn(someone, "elm"))).toEqual({
      code: "MESHAUTH_E_DENIED",
      text: expect.stringContaining("access_denied"),
    });
  });

  test("a renewal that is denied ends the sign-in, and is remembered", async () => {
    const someone = person({ visit: async ({ link }) => void (await openCallback(link)) });
    await signIn(someone, "elm");
    elm.next("/token", 400, { error: "invalid_grant", error_description: "It was used." });
    const failure = await failureOf(refresh(someone.runtime, {}));
    expect(failure).toEqual({ code: "MESHAUTH_E_EXPIRED", text: expect.stringContaining("It was used.") });
  });
});

describe("what a package of contract 1.0 is told", () => {
  test("a person's answers; a paste that is refused does not end the login", async () => {
    const refusals: (string | undefined)[] = [];
    const someone = person({
      interactive: true,
      answers: ["guests", "9", true],
      async visit({ link, paste = () => "Nothing is pasted." }) {
        expect(link).toContain("realm=guests&days=9&remember=yes");
        const other = new URL(new URL(link).searchParams.get("redirect_uri") ?? "");
        other.search = "?code=elm-code-1&state=other";
        refusals.push(paste(other.href), paste("nonsense"), paste("elm-code-7"));
      },
    });
    const report = await signIn(someone, "elm");
    expect(refusals).toEqual([
      "It belongs to another login.",
      "A code of Elm begins with elm-code-.",
      undefined,
    ]);
    expect(report.account).toEqual({ id: "u-7", name: "Ada", email: "ada@elm.example" });
    expect(elm.seen.filter(({ path }) => path === "/token").at(-1)?.form["code"]).toBe("elm-code-7");
  });

  test("a hidden answer, and a Meshery Server that is not there", async () => {
    const someone = person({ interactive: true, answers: [KEY], server: NOWHERE });
    const { warnings, verified } = await signIn(someone, "elm-key");
    expect(warnings).toEqual([
      expect.stringContaining("The key was not tried:"),
      expect.stringContaining("It could not be confirmed who signed in:"),
    ]);
    expect(verified).toBe(false);
    expect(someone.runtime.secrets.redact(KEY)).not.toContain(KEY);
    expect(readAuth(someone.authJson)["token"]).toBe(KEY);
  });

  test("a Meshery Server that refuses", async () => {
    const someone = person({ interactive: true, answers: ["elm-key-unknown"] });
    const { code, text } = await failureOf(signIn(someone, "elm-key"));
    expect(code).toBe("MESHAUTH_E_DENIED");
    expect(text).toContain("bad-token, outright: ");
  });

  test("a file in the person's home", async () => {
    const someone = person();
    put(join(someone.runtime.home ?? "", "key"), KEY);
    await signIn(someone, "elm-file", { file: "~/key" });
    expect(readAuth(someone.authJson)).toEqual({ "meshery-provider": "Elm File", token: KEY });
  });
});
