import { type AuthStore, isStoreError, type StoreWarning } from "@meshauth/auth-store";
import { inspectToken, parseToken } from "@meshauth/provider-api/format";
import { environmentCredential, onlyRemote, MEND_ENVIRONMENT as UNSET } from "../credential/index.js";
import { toMeshauthError } from "../errors/error.js";
import { EXIT } from "../errors/exit.js";
import type { MesheryServerClient } from "../meshery-server/index.js";
import { decidingTime, isLocalName, wouldBeRenewed } from "../standing.js";
import { disagreement } from "../target.js";
import { clockText, judgeExpiry } from "./expiry.js";
import { rewrite, tighten } from "./fixes.js";
import { type Check, fail, mendable, type Outcome, pass, skip, skipped, warn } from "./outcome.js";
import { type CheckSubject, loginOrUnset } from "./subject.js";

const LOGIN = "meshauth login";
const FIX = "meshauth check --fix";

/** Warnings of the store that tell of the file's content, not of who may read it. */
const ABOUT_CONTENT: readonly string[] = ["bom", "duplicate-key", "ignored-key"];

/** Those of its permissions, and of its folder's. */
const ABOUT_PERMISSIONS: readonly string[] = ["mode", "group-writable-folder", "world-writable-folder"];

/** The credential file: where it is, what it holds, and until when. */
export const credentialChecks = {
  "credential.location": async ({ target }) => {
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
    const [obstacle] = await obstaclesOf(store);
    if (obstacle) return warn(obstacle.message, obstacle.next ?? "meshauth status");
    return pass(`The credential file is ${store.file}.`);
  },

  "credential.exists": async (subject) => {
    const { target, runtime } = subject;
    if (!target) return skipped("config.context");
    const given = environmentCredential(runtime);
    if (given) {
      runtime.secrets.add(given.token);
      subject.held = { serverName: given.serverName ?? "", token: given.token };
      return pass("MESHERY_API_TOKEN is set and wins over the file.");
    }
    try {
      const { state, details, refused } = await target.store.look();
      subject.credential = state;
      subject.details = details;
      subject.refused = refused;
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

  "credential.shape": async (subject) => {
    const { credential, held } = subject;
    if (held?.serverName === "") return await findOwner(subject, held.token);
    if (held) return pass("The credential comes from the environment.");
    if (credential?.state === "damaged") {
      return fail(EXIT.storage, `mesheryctl cannot read the file: ${credential.reason}.`, LOGIN);
    }
    if (credential?.state !== "present") return skipped("credential.exists");
    const { serverName, token, members, warnings } = credential;
    if (!serverName) return fail(EXIT.storage, "The file names no provider, so no server can use it.", LOGIN);
    const bom = warnings.find(({ code }) => code === "bom");
    if (bom) return mendable(fail(EXIT.storage, bom.message, FIX), () => rewrite(subject));
    subject.held = { serverName, token: token ?? "", members };
    const odd = warnings.find(({ code }) => ABOUT_CONTENT.includes(code));
    if (!odd) return pass("mesheryctl can read the file.");
    return mendable(warn(odd.message, FIX), () => rewrite(subject));
  },

  "credential.token": (subject) => {
    const { held, details, runtime } = subject;
    if (!held) return skipped("credential.shape");
    runtime.secrets.add(held.token);
    if (held.token === "") {
      if (isLocalName(held.serverName) || details) return pass("A login without an account needs no token.");
      return fail(EXIT.notAuthenticated, `There is no token for ${held.serverName}.`, LOGIN);
    }
    const token = parseToken(held.token);
    if (token.form !== "invalid") return pass("The token has a form that Meshery Servers read.");
    const message = `The token has no form that a Meshery Server reads: ${token.reason}.`;
    return fail(EXIT.storage, message, loginOrUnset(subject));
  },

  "credential.expiry": async (subject) => {
    const { held, runtime, server, details } = subject;
    if (!held) return skipped("credential.shape");
    if (held.token === "") return skip("Without a token there is no expiry.");
    const { expiresAt } = inspectToken(held.token);
    if (!expiresAt) return pass("The token does not expire.");
    await server?.providers();
    const skew = server?.clockSkew();
    const now = decidingTime(runtime.now(), skew, details);
    subject.keptBack = wouldBeRenewed(held.token, now);
    return judgeExpiry(subject, expiresAt, now, clockText(skew ?? 0));
  },
} satisfies Record<string, Check>;

/** What stands in the way of writing; what the file itself has against being used is the next check's to tell. */
async function obstaclesOf(store: AuthStore): Promise<readonly StoreWarning[]> {
  try {
    return await store.obstacles();
  } catch (error) {
    if (isStoreError(error)) return [];
    throw error;
  }
}

/** The environment does not say whose token it holds; where the server lists one remote provider only, it is clear. */
async function findOwner(subject: CheckSubject, token: string): Promise<Outcome> {
  delete subject.held;
  const { server } = subject;
  if (!server) return skipped("config.readable");
  try {
    const serverName = await listedName(server, await onlyRemote(server));
    subject.held = { serverName, token };
    return warn(
      `MESHERY_API_TOKEN is set without MESHERY_PROVIDER; it is taken for a token of ${serverName}, the only remote provider that the server lists.`,
      `Set MESHERY_PROVIDER to ${serverName}.`,
    );
  } catch (error) {
    const { exitCode, message, why, next } = toMeshauthError(error);
    return fail(exitCode, `${message} ${why}`, next[0] ?? UNSET);
  }
}

/** The name of a provider that a server lists under this key, which may be a host's. */
async function listedName(server: MesheryServerClient, key: string): Promise<string> {
  const answer = await server.providers();
  const listed = answer.kind === "ok" ? answer.value.find((provider) => provider.key === key) : undefined;
  return listed?.name ?? key;
}
