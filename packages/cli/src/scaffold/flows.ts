import type { Flow, OptionSpec } from "@meshauth/provider-api";

/** The flows that a package can be made for. */
export const SCAFFOLD_FLOWS = ["browser", "device", "paste", "file"] as const satisfies readonly Flow[];

export type ScaffoldFlow = (typeof SCAFFOLD_FLOWS)[number];

/** What is particular to a flow. `{{…}}` stands for a fact about the package. */
export interface FlowFacts {
  /** For the question which flow it is to be. */
  readonly label: string;
  /** The manifest's summary, in one line. */
  readonly summary: string;
  /** Options besides `--url`. */
  readonly options: readonly OptionSpec[];
  /** The folders of templates, besides the shared one. */
  readonly templates: readonly string[];
  /** For the README: how signing in goes. */
  readonly about: string;
  /** For the README: the command that signs in. */
  readonly login: string;
  /** The same at the stand-in for the server. */
  readonly tryCommand: string;
  /** For the README: the files of this flow, and what each is. */
  readonly files: Readonly<Record<string, string>>;
  /** For the README: where to begin. */
  readonly change: string;
}

const STAND_IN = "--url http://127.0.0.1:4180";
const TOKENS = "the token endpoint, renewing (`refresh`) and signing out (`revoke`)";

export const FLOWS: Readonly<Record<ScaffoldFlow, FlowFacts>> = {
  browser: {
    label: "A page in the browser, which comes back by itself",
    summary: "Sign in at {{title}} with the browser",
    options: [],
    templates: ["oauth", "browser"],
    about:
      "the browser opens, the person signs in there, and the browser comes back to the command with a code (OAuth 2.0 with PKCE).",
    login: "meshauth login {{id}}",
    tryCommand: `meshauth login {{id}} ${STAND_IN}`,
    files: {
      "src/index.ts": "the provider: the link to the sign-in page, and what is done with the code",
      "src/callback.ts": "decides about what the browser came back with",
      "src/tokens.ts": TOKENS,
    },
    change: "the paths `/authorize`, `/token`, `/revoke` and `/userinfo`, and `CLIENT_ID`.",
  },
  device: {
    label: "A short code, to be typed on any device",
    summary: "Sign in at {{title}} with a code, on any device",
    options: [],
    templates: ["oauth", "device"],
    about:
      "the command shows a short code, the person types it on a page on any device, and the command goes on by itself (OAuth 2.0 device authorization).",
    login: "meshauth login {{id}}",
    tryCommand: `meshauth login {{id}} ${STAND_IN}`,
    files: {
      "src/index.ts": "the provider: shows the code and asks until somebody has signed in",
      "src/device.ts": "what the server says about the code, and how often it may be asked",
      "src/tokens.ts": TOKENS,
    },
    change: "the paths `/device_authorization`, `/token`, `/revoke` and `/userinfo`, and `CLIENT_ID`.",
  },
  paste: {
    label: "A token that people make on a page and paste",
    summary: "Sign in at {{title}} with a token",
    options: [],
    templates: ["paste"],
    about:
      "the person makes a token on a page and pastes it, or gives it on standard input with `--token-stdin`.",
    login: "meshauth login {{id}}",
    tryCommand: `echo example-token-7f3a9c2e5b1d | meshauth login {{id}} ${STAND_IN} --token-stdin`,
    files: { "src/index.ts": "the provider: asks for the token and looks at its form" },
    change: "the path `/userinfo`, and the page `/tokens` that people are sent to.",
  },
  file: {
    label: "A key file that people download",
    summary: "Sign in at {{title}} with a key file",
    options: [
      {
        name: "file",
        type: "file",
        summary: "The key file, or - for standard input",
        argument: true,
        placeholder: "FILE",
      },
    ],
    templates: ["file"],
    about: "the person downloads a key file once and names it; its token is taken over.",
    login: "meshauth login {{id}} key.json",
    tryCommand: `echo '{"token":"example-token-7f3a9c2e5b1d"}' | meshauth login {{id}} - ${STAND_IN}`,
    files: {
      "src/index.ts": "the provider: which file it is, and what comes of it",
      "src/key-file.ts": "reads a key file, whatever it may be instead of one",
    },
    change: "what a key file looks like, in `src/key-file.ts`, and the path `/userinfo`.",
  },
};
