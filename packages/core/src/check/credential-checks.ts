import { isStoreError } from "@meshauth/auth-store";
import { inspectToken, parseToken } from "@meshauth/provider-api/format";
import { environmentToken } from "../credential/index.js";
import { EXIT } from "../errors/table.js";
import { isLocalName } from "../standing.js";
import { disagreement } from "../target.js";
import { renew, rewrite, tighten } from "./fixes.js";
import { type Check, fail, mendable, pass, skip, skipped, warn } from "./outcome.js";

const LOGIN = "meshauth login";
const FIX = "meshauth check --fix";
const UNSET = "Correct or unset MESHERY_API_TOKEN.";

/** A difference of clocks below this is nobody's concern. */
const TOLERATED_SKEW_MS = 60_000;

/** Warnings of the store that tell of the file's content, not of who may read it. */
const ABOUT_CONTENT: readonly string[] = ["bom", "duplicate-key", "ignored-key"];

/** Those of its permissions, and of its folder's. */
const ABOUT_PERMISSIONS: readonly string[] = ["mode", "group-writable-folder", "world-writable-folder"];

/** The credential file: where it is, what it holds, and until when. */
export const credentialChecks = {
  "credential.location": ({ target }) => {
    if (!target) return skipped("config.context");
    const { context, store } = target;
    const [disagrees] = disagreement(context);
    if (disagrees !== undefined) {
      return warn(
        disagrees,
        "Give the token in config.yaml a bare file name, or an absolute path in your home directory.",
      );
    }
    if (context?.location.missingEntry) {
      return warn(`The context names a token "${context.tokenName}" that config.yaml does not list.`, LOGIN);
    }
    return pass(`The credential file is ${store.file}.`);
  },

  "credential.exists": async (subject) => {
    const { target, runtime } = subject;
    if (!target) return skipped("config.context");
    const given = environmentToken(runtime.env);
    if (given) {
      subject.held = { serverName: given.serverName ?? "", token: given.token };
      return pass("MESHERY_API_TOKEN is set and wins over the file.");
    }
    try {
      const { state, details } = await target.store.look();
      subject.credential = state;
      subject.details = details;
    } catch (error) {
      if (!isStoreError(error)) throw error;
      return fail(EXIT.storage, `${error.message} ${error.why}`, error.next[0] ?? LOGIN);
    }
    const { state } = subject.credential;
    if (state === "missing") return fail(EXIT.notAuthenticated, "There is no credential file.", LOGIN);
    if (state === "logged-out") return fail(EXIT.notAuthenticated, "The file is empty: logged out.", LOGIN);
    return pass("The credential file exists.");
  },

  "credential.mode": (subject) => {
    const { credential, held, runtime } = subject;
    if (held) return skip("The credential comes from the environment.");
    if (credential?.state !== "present" && credential?.state !== "damaged")
      return skipped("credential.exists");
    if (runtime.platform === "win32") return skip("On Windows the profile folder protects the file.");
    const warning = credential.warnings.find(({ code }) => !ABOUT_CONTENT.includes(code));
    if (!warning) return pass("Only you can read the file.");
    const outcome = warn(warning.message, warning.next ?? LOGIN);
    return ABOUT_PERMISSIONS.includes(warning.code) ? mendable(outcome, () => tighten(subject)) : outcome;
  },

  "credential.shape": (subject) => {
    const { credential, held } = subject;
    if (held?.serverName === "") {
      delete subject.held;
      return warn(
        "MESHERY_API_TOKEN is set without MESHERY_PROVIDER, so nobody knows whose token it is.",
        "Set MESHERY_PROVIDER to the provider's name, such as Layer5.",
      );
    }
    if (held) return pass("The credential comes from the environment.");
    if (credential?.state === "damaged") {
      return fail(EXIT.storage, `mesheryctl cannot read the file: ${credential.reason}.`, LOGIN);
    }
    if (credential?.state !== "present") return skipped("credential.exists");
    const { serverName, token, warnings } = credential;
    if (!serverName) return fail(EXIT.storage, "The file names no provider, so no server can use it.", LOGIN);
    const bom = warnings.find(({ code }) => code === "bom");
    if (bom) return mendable(fail(EXIT.storage, bom.message, FIX), () => rewrite(subject));
    subject.held = { serverName, token: token ?? "" };
    const odd = warnings.find(({ code }) => ABOUT_CONTENT.includes(code));
    if (!odd) return pass("mesheryctl can read the file.");
    return mendable(warn(odd.message, FIX), () => rewrite(subject));
  },

  "credential.token": ({ held, details, runtime, credential }) => {
    if (!held) return skipped("credential.shape");
    runtime.secrets.add(held.token);
    if (held.token === "") {
      if (isLocalName(held.serverName) || details) return pass("A login without an account needs no token.");
      return fail(EXIT.notAuthenticated, `There is no token for ${held.serverName}.`, LOGIN);
    }
    const token = parseToken(held.token);
    if (token.form !== "invalid") return pass("The token has a form that Meshery Servers read.");
    const message = `The token has no form that a Meshery Server reads: ${token.reason}.`;
    return fail(EXIT.storage, message, credential ? LOGIN : UNSET);
  },

  "credential.expiry": async (subject) => {
    const { held, runtime, server, credential } = subject;
    if (!held) return skipped("credential.shape");
    if (held.token === "") return skip("Without a token there is no expiry.");
    const { expiresAt, refreshable } = inspectToken(held.token);
    if (!expiresAt) return pass("The token does not expire.");
    await server?.providers();
    const skew = server?.clockSkew() ?? 0;
    const clock =
      Math.abs(skew) > TOLERATED_SKEW_MS
        ? ` The server's clock differs by ${Math.round(skew / 60_000)} min.`
        : "";
    const end = expiresAt.toISOString();
    if (expiresAt.getTime() > runtime.now().getTime() + skew)
      return pass(`The token is valid until ${end}.${clock}`);
    if (refreshable) {
      const outcome = pass(`The access token ended at ${end}; it can be renewed.${clock}`);
      return credential ? mendable(outcome, () => renew(subject)) : outcome;
    }
    return fail(EXIT.notAuthenticated, `The token ended at ${end}.${clock}`, credential ? LOGIN : UNSET);
  },
} satisfies Record<string, Check>;
